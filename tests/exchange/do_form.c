/*
 * do_form.c - CreateItem and DeleteItem of what is no mail
 */
#include "tests/exchange/form.h"

#include <stdlib.h>
#include <string.h>

#include "proxy/base/memory.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "tests/exchange/calendar.h"
#include "tests/exchange/contacts.h"
#include "tests/exchange/meeting.h"
#include "tests/exchange/series.h"
#include "tests/exchange/store.h"
#include "tests/exchange/tasks.h"

/* --- Fields -------------------------------------------------------------- */

static const struct form_field *find(const struct form_field *table,
                                     const char *element)
{
    for (; table->field.element != NULL; table++)
        if (str_equal(table->field.element, element))
            return table;
    return NULL;
}

const struct form_field *form_setting(const struct sim_item *item,
                                      const char *element)
{
    const struct form_field *field = find(form_table(form_of(item)), element);

    return field == NULL ? find(common_fields, element) : field;
}

const char *form_put(struct call *call, const struct form_field *field,
                     struct sim_item *item, const struct node *element)
{
    const struct source *source = &field->field.source;

    if (field->store != NULL)
        return field->store(call, field, item, element);
    if (element != NULL)
        return form_store(call, source, item, element);
    form_remove(item, source->set, source->tag, source->type);
    return NULL;
}

/* --- After changes ------------------------------------------------------- */

const char *form_settle(struct call *call, struct sim_item *item,
                        const struct property_bag *before)
{
    switch (form_of(item)) {
    case FORM_EVENT:
        return event_settle(call, item, before);
    case FORM_CONTACT:
    case FORM_LIST:
        contact_settle(item);
        return NULL;
    default:
        return NULL;
    }
}

/* --- CreateItem ---------------------------------------------------------- */

/* clang-format off */
static const struct {
    const char *use;
    const char *folder_class;
    const char *code;
    const char *class;
} homes[FORM_COUNT] = {
    [FORM_EVENT]   = { "calendar", "IPF.Appointment", "ErrorCannotCreateCalendarItemInNonCalendarFolder", "IPM.Appointment" },
    [FORM_TASK]    = { "tasks",    "IPF.Task",        "ErrorCannotCreateTaskInNonTaskFolder",             "IPM.Task" },
    [FORM_CONTACT] = { "contacts", "IPF.Contact",     "ErrorCannotCreateContactInNonContactFolder",       "IPM.Contact" },
    [FORM_LIST]    = { "contacts", "IPF.Contact",     "ErrorCannotCreateContactInNonContactFolder",       "IPM.DistList" },
};
/* clang-format on */

static struct sim_folder *home(struct call *call, enum form form,
                               const char **code)
{
    const struct node *id = node_child(call->request, "SavedItemFolderId");
    struct sim_folder *folder;

    if (id == NULL)
        return sim_folder_by_use(call->user, homes[form].use);
    folder = call_folder(call, id->children, WANT_CREATE_ITEMS, code);
    if (str_equal(*code, "ErrorFolderNotFound"))
        *code = "ErrorSavedItemFolderNotFound";
    if (str_equal(*code, "ErrorAccessDenied"))
        *code = "ErrorCreateItemAccessDenied";
    if (folder != NULL &&
        !str_starts_nocase(folder->class, homes[form].folder_class))
        *code = homes[form].code;
    return folder;
}

bool form_is_zone(const struct node *element)
{
    return node_is(element, "StartTimeZone") ||
           node_is(element, "EndTimeZone") ||
           node_is(element, "MeetingTimeZone");
}

static const char *fill(struct call *call, struct sim_item *item,
                        const struct node *element, bool zones)
{
    const char *code = NULL;

    for (struct node *at = element->children; at != NULL && code == NULL;
         at = at->next) {
        const struct form_field *field = form_setting(item, at->name);

        if (form_is_zone(at) != zones)
            continue;
        if (node_is(at, "ExtendedProperty"))
            code = store_property(call, item, at, true);
        else if (field == NULL ||
                 !(field->field.where & (SET_ALWAYS | SET_NEW)))
            code =
                node_is(at, "MimeContent") ? NULL : "ErrorInvalidPropertySet";
        else
            code = form_put(call, field, item, at);
    }
    return code;
}

static const char *check_new(struct call *call, const struct node *element,
                             enum form form)
{
    bool mime = node_child(element, "MimeContent") != NULL;

    if (form == FORM_EVENT &&
        node_attribute(call->request, "SendMeetingInvitations") == NULL)
        return "ErrorSendMeetingInvitationsRequired";
    if (mime && form != FORM_EVENT)
        return "ErrorUnsupportedMimeConversion";
    return NULL;
}

static struct sim_item *add(struct call *call, struct sim_folder *folder,
                            enum form form)
{
    struct sim_content *empty = sim_content_new("\r\n", 2);
    struct sim_item *item = sim_item_add(
        folder, &(struct sim_item_template){ .content = empty,
                                             .class = homes[form].class,
                                             .flags = FLAG_READ,
                                             .received = time_now(),
                                             .submitted = TIME_NONE });

    sim_content_unref(&empty);
    item->creator = call->user;
    if (form == FORM_EVENT)
        event_begin(call, item);
    return item;
}

const char *form_create(struct call *call, const struct node *element,
                        struct sim_item **item_out)
{
    enum form form = form_of_element(element->name);
    const char *code = check_new(call, element, form);
    struct event_read mime = { .calendar = NULL };
    struct sim_folder *folder = NULL;
    struct sim_item *item;

    if (code == NULL)
        folder = home(call, form, &code);
    if (code != NULL)
        return code;
    item = add(call, folder, form);
    if (node_child(element, "MimeContent") != NULL)
        code = event_read_mime(call, item, node_text(element, "MimeContent"),
                               &mime);
    if (code == NULL)
        code = fill(call, item, element, true);
    if (code == NULL)
        code = fill(call, item, element, false);
    if (code == NULL)
        code = form_settle(call, item, NULL);
    if (code == NULL && mime.calendar != NULL)
        code = event_take_exceptions(call, item, &mime);
    if (code == NULL && form == FORM_EVENT)
        code = meeting_invite(
            call, item,
            node_attribute(call->request, "SendMeetingInvitations"));
    if (code != NULL) {
        sim_item_remove(item);
        return code;
    }
    if (form == FORM_TASK)
        task_settle(item);
    *item_out = item;
    return NULL;
}

/* --- DeleteItem ---------------------------------------------------------- */

const char *form_delete(struct call *call, struct sim_item *item,
                        enum sim_item_disposal how)
{
    const char *notice =
        node_attribute(call->request, "SendMeetingCancellations");
    const char *tasks =
        node_attribute(call->request, "AffectedTaskOccurrences");

    if (form_of(item) == FORM_EVENT && notice == NULL)
        return "ErrorSendMeetingCancellationsRequired";
    if (form_of(item) == FORM_TASK && tasks == NULL)
        return "ErrorAffectedTaskOccurrencesRequired";
    if (form_of(item) == FORM_EVENT)
        meeting_cancel(call, item, notice, NULL);
    if (form_of(item) == FORM_TASK && item->series != NULL &&
        str_equal(tasks, "SpecifiedOccurrenceOnly") && task_skip(item)) {
        sim_item_touch(item);
    } else if (item->master != NULL) {
        sim_occurrence_remove(item->master, item->day);
        sim_item_touch(item->master);
    } else {
        sim_item_dispose(item, how);
    }
    return NULL;
}
