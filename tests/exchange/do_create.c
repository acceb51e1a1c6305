/*
 * do_create.c - CreateItem: storing and sending messages
 */
#include "tests/exchange/call.h"

#include <stdlib.h>
#include <string.h>

#include "proxy/base/base64.h"
#include "proxy/base/memory.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "tests/exchange/form.h"
#include "tests/exchange/meeting.h"
#include "tests/exchange/path.h"
#include "tests/exchange/show.h"
#include "tests/exchange/store.h"

/* --- Properties ---------------------------------------------------------- */

/* What the store keeps itself and nobody sets. */
static const uint32_t computed[] = {
    0x0e08, 0x0e23, 0x67a4, 0x0e69, 0x0e1b,
    0x3007, 0x3008, 0x300b, 0x007d, 0x001a,
};

static bool is_computed(const struct property_key *key)
{
    for (size_t i = 0; i < sizeof computed / sizeof *computed; i++)
        if (key->set == NULL && key->number == computed[i])
            return true;
    return false;
}

/* Sets what the item itself holds; false for all that goes into the bag. */
static bool store_own(struct call *call, struct sim_item *item,
                      const struct property_key *key, const char *text,
                      bool creating)
{
    if (key->set != NULL)
        return false;
    switch (key->number) {
    case 0x0e07:
        /* The draft bit and the others are fixed once the item exists. */
        if (creating)
            item->flags = (item->flags & FLAG_HAS_ATTACHMENT) |
                          (call->exchange->version == EXCHANGE_2007_SP1
                               ? 0
                               : (uint32_t)strtoul(text, NULL, 10));
        return true;
    case 0x0e06:
        item->received = time_from_iso(text);
        return true;
    case 0x0039:
        item->submitted = time_from_iso(text);
        return true;
    default:
        return is_computed(key);
    }
}

const char *store_property(struct call *call, struct sim_item *item,
                           const struct node *property, bool creating)
{
    const struct node *values = node_child(property, "Values");
    size_t count = values == NULL ? 1 : node_count(values);
    const char **texts = arena_array(call->arena, count + 1, sizeof *texts);
    struct path path;
    const char *code =
        path_read(call->arena, node_child(property, "ExtendedFieldURI"), &path);
    size_t n = 0;

    if (code != NULL)
        return code;
    if (property_type_is_array(path.key.type) != (values != NULL))
        return "ErrorInvalidExtendedPropertyValue";
    if (values == NULL)
        texts[n++] = node_text(property, "Value");
    for (struct node *at = values == NULL ? NULL : values->children; at != NULL;
         at = at->next)
        texts[n++] = at->text;
    if (str_equal(path.key.set, SET_INTERNET_HEADERS) ||
        store_own(call, item, &path.key, texts[0], creating))
        return NULL;
    if (str_equal(path.key.set, SET_PUBLIC_STRINGS) &&
        str_equal(path.key.name, "Keywords"))
        sim_item_set_categories(item, texts);
    else
        bag_set(&item->bag, &path.key, texts, count);
    return NULL;
}

void store_categories(struct call *call, struct sim_item *item,
                      const struct node *list)
{
    const char **names =
        arena_array(call->arena, node_count(list) + 1, sizeof *names);
    size_t n = 0;

    for (struct node *at = list == NULL ? NULL : list->children; at != NULL;
         at = at->next)
        names[n++] = at->text;
    sim_item_set_categories(item, names);
}

void store_flag(struct sim_item *item, const char *status)
{
    static const struct property_key flag = { NULL, 0x1090, NULL,
                                              TYPE_INTEGER };
    static const struct property_key to_do = { NULL, 0x0e2b, NULL,
                                               TYPE_INTEGER };

    if (str_equal(status, "NotFlagged")) {
        bag_remove(&item->bag, &flag);
        bag_remove(&item->bag, &to_do);
    } else {
        bag_set_number(&item->bag, NULL, 0x1090,
                       str_equal(status, "Flagged") ? 2 : 1);
        bag_set_number(&item->bag, NULL, 0x0e2b, 1);
    }
}

/* What stands in the element beside the message itself. */
static const char *store_all(struct call *call, struct sim_item *item,
                             const struct node *message)
{
    const char *status = node_text(node_child(message, "Flag"), "FlagStatus");
    const char *read = node_text(message, "IsRead");
    const char *code = NULL;

    for (struct node *at = message->children; at != NULL && code == NULL;
         at = at->next)
        if (node_is(at, "ExtendedProperty"))
            code = store_property(call, item, at, true);
    if (node_child(message, "Categories") != NULL)
        store_categories(call, item, node_child(message, "Categories"));
    if (status != NULL)
        store_flag(item, status);
    if (read != NULL)
        item->flags =
            (item->flags & ~FLAG_READ) | (node_true(read) ? FLAG_READ : 0);
    return code;
}

/* --- Content ------------------------------------------------------------- */

/* The message that is to be stored or sent, to be unreferenced; NULL with a
 * code. */
static struct sim_content *read_content(struct call *call,
                                        const struct node *message,
                                        const char **code)
{
    const char *mime = node_text(message, "MimeContent");
    struct sim_content *given;
    struct sim_content *content;
    size_t len = 0;
    char *data;

    if (mime == NULL)
        return compose(call, message, NULL);
    data = base64_decode(call->arena, mime, strlen(mime), &len);
    if (data == NULL || len == 0) {
        *code = data == NULL ? "ErrorMimeContentInvalidBase64String"
                             : "ErrorMimeContentInvalid";
        return NULL;
    }
    given = sim_content_new(data, len);
    content = compose(call, message, given);
    sim_content_unref(&given);
    return content;
}

/* What the message is to be: as it says itself, unless that is said otherwise.
 */
static const char *class_for(const struct node *message,
                             const struct sim_content *content,
                             const char **code)
{
    const char *given = node_text(message, "ItemClass");
    const char *found = sim_item_class_of(content);
    bool plain = given == NULL || str_equal_nocase(given, "IPM.Note");

    /* A disposition notification is no note, and has to be said to be one. */
    if (plain && found == NULL)
        *code = "ErrorObjectTypeChanged";
    return plain ? found : given;
}

static const char *check_size(const struct call *call,
                              const struct sim_content *content,
                              const struct sim_folder *folder)
{
    const struct exchange *exchange = call->exchange;

    if (exchange->message_limit != 0 && content->len > exchange->message_limit)
        return "ErrorMessageSizeExceeded";
    if (folder != NULL && exchange->quota != 0 &&
        folder->mailbox->octets + content->len > exchange->quota)
        return "ErrorQuotaExceeded";
    return NULL;
}

/* --- Saving, sending ----------------------------------------------------- */

struct creation {
    const struct node *message;
    struct sim_content *content;
    const char *class;
    struct sim_folder *folder;  /* NULL: no copy is kept */
};

static const char *save(struct call *call, const struct creation *creation,
                        struct sim_item **item_out)
{
    struct sim_item *item = sim_item_add(
        creation->folder,
        &(struct sim_item_template){ .content = creation->content,
                                     .class = creation->class,
                                     .flags = FLAG_UNSENT | FLAG_READ,
                                     .received = time_now(),
                                     .submitted = TIME_NONE });
    bool was_read = item->flags & FLAG_READ;
    const char *code = store_all(call, item, creation->message);
    bool is_read = item->flags & FLAG_READ;

    /* The folder counts what is unread; the item came in as it was first made.
     */
    creation->folder->unread += (size_t)was_read - (size_t)is_read;
    item->creator = call->user;
    if (code != NULL) {
        sim_item_remove(item);
        return code;
    }
    *item_out = item;
    return NULL;
}

const char *submit_code(enum sim_submit_result result)
{
    static const char *const codes[] = {
        [SUBMIT_OK] = NULL,
        [SUBMIT_NO_RECIPIENTS] = "ErrorMissingRecipients",
        [SUBMIT_BAD_RECIPIENTS] = "ErrorInvalidRecipients",
        [SUBMIT_DENIED] = "ErrorSendAsDenied",
        [SUBMIT_TOO_BIG] = "ErrorMessageSizeExceeded",
        [SUBMIT_BAD_CONTENT] = "ErrorMimeContentInvalid",
    };

    return codes[result];
}

static const char *send(struct call *call, const struct creation *creation)
{
    struct sim_submission submission = {
        .sender = call->user,
        .content = creation->content,
        .save_to = creation->folder,
        .class = creation->class,
    };
    struct sim_item *kept = NULL;
    const char *code = submit_code(sim_submit(&submission, &kept));

    if (code == NULL && kept != NULL) {
        uint32_t flags = kept->flags;

        store_all(call, kept, creation->message);
        kept->flags = flags;
    }
    return code;
}

static struct sim_folder *folder_for(struct call *call, bool sending,
                                     const char **code)
{
    const struct node *id = node_child(call->request, "SavedItemFolderId");
    struct sim_folder *folder;

    if (id == NULL)
        return sim_folder_by_use(call->user, sending ? "sentitems" : "drafts");
    folder = call_folder(call, id->children, WANT_CREATE_ITEMS, code);
    if (str_equal(*code, "ErrorFolderNotFound"))
        *code = "ErrorSavedItemFolderNotFound";
    if (str_equal(*code, "ErrorAccessDenied"))
        *code = "ErrorCreateItemAccessDenied";
    return folder;
}

static bool is_message(const struct node *element)
{
    static const char *const kinds[] = { "Message",
                                         "Item",
                                         "PostItem",
                                         "MeetingMessage",
                                         "MeetingRequest",
                                         "MeetingResponse",
                                         "MeetingCancellation" };

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (node_is(element, kinds[i]))
            return true;
    return false;
}

/* Before Exchange 2013 a receipt is suppressed by an answer of its own. */
static const char *suppress_receipt(struct call *call,
                                    const struct node *element)
{
    const struct node *id = node_child(element, "ReferenceItemId");
    const char *code = NULL;
    struct sim_item *item =
        id == NULL ? NULL : call_item(call, id, WANT_EDIT, &code, NULL);

    if (id == NULL)
        return "ErrorMissingInformationReferenceItemId";
    if (item != NULL && !(item->flags & FLAG_RECEIPT_PENDING))
        return "ErrorReadReceiptNotPending";
    if (item != NULL)
        sim_item_answer_receipt(item, true, true);
    return code;
}

static const char *create(struct call *call, const struct node *element,
                          struct sim_item **item_out)
{
    const char *disposition =
        node_attribute(call->request, "MessageDisposition");
    struct creation creation = { .message = element };
    bool sending = !str_equal(disposition, "SaveOnly");
    bool keep = !str_equal(disposition, "SendOnly");
    const char *code = message_fault(call);

    if (code == NULL && node_is(element, "SuppressReadReceipt"))
        return suppress_receipt(call, element);
    if (code == NULL && meeting_is_response(element))
        return meeting_respond(call, element, item_out);
    if (code == NULL && form_of_element(element->name) != FORM_NONE)
        return form_create(call, element, item_out);
    if (code == NULL && !is_message(element))
        code = "ErrorInvalidItemForOperationCreateItem";
    if (code == NULL && disposition == NULL)
        code = "ErrorMessageDispositionRequired";
    if (code == NULL && keep)
        creation.folder = folder_for(call, sending, &code);
    if (code == NULL && creation.folder != NULL && creation.folder->search)
        code = "ErrorInvalidFolderTypeForOperation";
    if (code == NULL)
        creation.content = read_content(call, element, &code);
    if (code == NULL)
        creation.class = class_for(element, creation.content, &code);
    if (code == NULL)
        code = check_size(call, creation.content, creation.folder);
    if (code == NULL)
        code =
            sending ? send(call, &creation) : save(call, &creation, item_out);
    sim_content_unref(&creation.content);
    return code;
}

void do_create_item(struct call *call)
{
    const struct node *items = node_child(call->request, "Items");

    for (struct node *at = items->children; at != NULL; at = at->next) {
        struct sim_item *item = NULL;
        const char *code = create(call, at, &item);

        /* What was sent has no id yet that could be told. */
        if (code != NULL || item == NULL) {
            message_simple(call, code, "<m:Items/>");
            continue;
        }
        message_begin(call, NULL);
        buf_puts(&call->out, "<m:Items>");
        show_item_id(call, item);
        buf_puts(&call->out, "</m:Items>");
        message_end(call);
    }
}
