/*
 * mailbox.c - how full the mailbox is, its categories, what is said of folders
 *
 * The colours of categories are in a hidden message of the calendar, which
 * GetUserConfiguration reads: XML of Outlook's own.
 */
#include <stdlib.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/base64.h"
#include "proxy/base/str.h"
#include "proxy/exchange/ews/folder_words.h"

/* The list of categories is a few kilobytes. */
#define CATEGORIES_MAX (1024 * 1024)

/* clang-format off */
static const struct property mailbox_size  = { PROPERTY_TAG, 0x0e08, NULL, "Long" };
static const struct property send_limit    = { PROPERTY_TAG, 0x666e, NULL, "Integer" };
static const struct property receive_limit = { PROPERTY_TAG, 0x666a, NULL, "Integer" };
static const struct property comment_text  = { PROPERTY_TAG, 0x3004, NULL, "String" };
/* clang-format on */

/* --- Quota ---------------------------------------------------------------- */

/* Exchange counts limits in kilobytes, and what is not above 0 is no limit. */
static uint64_t limit_of(const struct xml_node *folder,
                         const struct property *property)
{
    int64_t kilobytes = property_number(folder, property, 0);

    return kilobytes > 0 ? (uint64_t)kilobytes * 1024 : 0;
}

enum status ews_quota(struct op *op, struct remote *remote,
                      struct remote_quota *quota_out)
{
    static const struct property *const properties[] = { &mailbox_size,
                                                         &send_limit,
                                                         &receive_limit };
    struct ews *ews = ews_of(remote);
    const struct xml_node *folder;
    enum status status =
        folder_ask(op, ews, ews_place(op, ews, "#root"), properties,
                   sizeof properties / sizeof *properties, &folder);

    *quota_out = (struct remote_quota){ 0 };
    if (status != STATUS_OK)
        return status;
    int64_t used = property_number(folder, &mailbox_size, -1);
    uint64_t limit = limit_of(folder, &receive_limit);
    if (limit == 0)
        limit = limit_of(folder, &send_limit);
    /* A limit without what it limits is of no use. */
    if (used >= 0)
        *quota_out = (struct remote_quota){ (uint64_t)used, limit };
    return STATUS_OK;
}

/* --- Comments ------------------------------------------------------------- */

enum status ews_comment_get(struct op *op, struct remote *remote,
                            const char *folder, const char **comment_out)
{
    static const struct property *const properties[] = { &comment_text };
    const struct xml_node *node;
    enum status status =
        folder_ask(op, ews_of(remote), folder, properties, 1, &node);

    *comment_out = NULL;
    if (status != STATUS_OK)
        return status;
    const char *comment = property_text(node, &comment_text);
    if (comment != NULL && *comment != '\0')
        *comment_out = comment;
    return STATUS_OK;
}

static void build_comment(void *context, struct xml_writer *writer)
{
    const char *comment = context;

    xml_open(writer,
             comment != NULL ? "t:SetFolderField" : "t:DeleteFolderField");
    property_write_path(writer, &comment_text);
    if (comment != NULL) {
        xml_open(writer, "t:Folder");
        property_write(writer, &comment_text, comment);
        xml_close(writer);
    }
    xml_close(writer);
}

enum status ews_comment_set(struct op *op, struct remote *remote,
                            const char *folder, const char *comment)
{
    return folder_change(op, ews_of(remote), folder, build_comment,
                         (void *)comment);
}

/* --- Categories ----------------------------------------------------------- */

static void build_categories(void *context, struct soap_request *request)
{
    struct xml_writer *writer = &request->writer;

    xml_open(writer, "m:UserConfigurationName");
    xml_attribute(writer, "Name", "CategoryList");
    soap_folder(writer, context);
    xml_close(writer);
    xml_element(writer, "m:UserConfigurationProperties", "XmlData");
}

struct reading {
    struct arena *arena;
    struct remote_category *list;
    size_t count;
    size_t room;
};

/* <category name="Red" color="0" .../> within <categories> */
static bool take_element(void *context, const char *name,
                         const struct xml_attribute *attributes, size_t count)
{
    struct reading *reading = context;
    struct remote_category category = { .color = -1 };
    int64_t color;

    if (strcmp(name, "category") != 0)
        return true;
    for (size_t i = 0; i < count; i++)
        if (strcmp(attributes[i].name, "name") == 0)
            category.name = arena_strdup(reading->arena, attributes[i].value);
        else if (strcmp(attributes[i].name, "color") == 0 &&
                 str_to_i64(attributes[i].value, &color) && color >= 0 &&
                 color < 25)
            category.color = (int)color;
    if (category.name == NULL || *category.name == '\0')
        return true;
    if (reading->count == reading->room) {
        struct remote_category *old = reading->list;

        reading->room = reading->room * 2 + 16;
        reading->list =
            arena_array(reading->arena, reading->room, sizeof *reading->list);
        if (old != NULL)
            memcpy(reading->list, old, reading->count * sizeof *old);
    }
    reading->list[reading->count++] = category;
    return true;
}

static bool pass_text(void *context, const char *text, size_t len)
{
    (void)context, (void)text, (void)len;
    return true;
}

static bool pass_close(void *context, const char *name)
{
    (void)context, (void)name;
    return true;
}

static enum status read_categories(struct op *op, const char *data, size_t len,
                                   struct reading *reading)
{
    static const struct xml_handler handler = { .open = take_element,
                                                .text = pass_text,
                                                .close = pass_close };
    struct xml_reader *reader =
        xml_reader_new(&handler, reading, CATEGORIES_MAX);
    enum xml_state state = xml_reader_feed(reader, data, len);

    if (state == XML_MORE)
        state = xml_reader_finish(reader);
    xml_reader_free(&reader);
    return state == XML_WHOLE
               ? STATUS_OK
               : op_fail(op, STATUS_CORRUPT,
                         "the list of categories cannot be read");
}

enum status ews_categories(struct op *op, struct remote *remote,
                           struct remote_category **categories_out,
                           size_t *count_out)
{
    struct ews *ews = ews_of(remote);
    struct soap_call call = { .operation = "GetUserConfiguration",
                              .build = build_categories,
                              .context =
                                  (void *)ews_place(op, ews, "#calendar") };
    struct reading reading = { .arena = op->arena };
    const struct xml_node *message;
    size_t len;

    *categories_out = NULL;
    *count_out = 0;
    if (ews_version(ews) < EWS_2010)
        return STATUS_UNSUPPORTED;
    enum status status = soap_ask(op, ews, &call, op->arena, &message);
    /* Nobody has ever changed the list. */
    if (status == STATUS_NOT_FOUND) {
        op->reason = NULL;
        return STATUS_OK;
    }
    if (status != STATUS_OK)
        return status;
    const struct xml_node *node = xml_descendant(message, "XmlData");
    if (node == NULL || *node->text == '\0')
        return STATUS_OK;
    char *data = base64_decode(op->arena, node->text, strlen(node->text), &len);
    if (data == NULL)
        return op_fail(op, STATUS_CORRUPT, "categories: no base64");
    /* Outlook begins with a byte order mark. */
    if (len >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0) {
        data += 3;
        len -= 3;
    }
    status = read_categories(op, data, len, &reading);
    *categories_out = reading.list;
    *count_out = reading.count;
    return status;
}
