/*
 * event_update.c - making and changing events
 *
 * A series is written in this order: its master, with the change key that has
 * to be the current one; then what is attached; then the days that go; then the
 * days that are another way.  A rule or a start that changes takes all
 * exceptions with it, so that they are made once more.
 */
#include "proxy/exchange/ews/event_files.h"
#include "proxy/exchange/ews/event_map.h"
#include "proxy/exchange/ews/objects.h"
#include "proxy/exchange/ews/occurrences.h"
#include "proxy/exchange/ews/recurrence_map.h"

#define WEEKS "this version cannot be told on which day weeks begin"

/* What others than the owner see. */
#define SEEN_PARTS (EVENT_SHARED_PARTS | 1u << EVENT_ATTENDEES)

/* The event that stands for the object: of a series the master, of single days
 * of another's series the first. */
static const struct event *main_event(const struct series *series)
{
    return series->has_master ? &series->master : &series->exceptions[0];
}

/* Days whose series lies elsewhere are items of their own, and an object is one
 * item. */
static bool is_one_item(const struct series *series)
{
    return series->has_master || series->exception_count == 1;
}

static void write_new(struct soap_request *request, const void *form)
{
    event_write_new(request, form);
}

static void write_changes(struct soap_request *request, const void *form,
                          unsigned parts)
{
    event_write_changes(request, form, parts);
}

/* --- Telling others ------------------------------------------------------- */

/* Those who are invited get what is attached as well: the invitations go out
 * with a change of nothing, once all is there. */
static enum status send_invitations(struct op *op, struct ews *ews,
                                    const struct event_form *form,
                                    struct remote_result *result)
{
    const struct object_change_of change = {
        .id = result->id,
        .change_key = result->change_key,
        .notice = object_update_notice(REMOTE_NOTICE_ALL),
        .write = write_changes,
        .form = form,
        .parts = 1u << EVENT_IMPORTANCE,
    };

    return object_update(op, ews, &change, result);
}

/* --- What comes after the master ------------------------------------------ */

static enum status write_rest(struct op *op, struct ews *ews,
                              const struct occurrences *plan,
                              struct remote_result *result)
{
    enum status status = occurrences_write(op, ews, plan);

    for (size_t i = 0; i < plan->changed_count && status == STATUS_OK; i++) {
        const struct occurrence *day = &plan->changed[i];
        const char *id = day->id_after != NULL ? day->id_after : day->id;
        struct remote_result written;
        if (id != NULL && (day->parts & 1u << EVENT_ATTACHMENTS))
            status = event_files_write(op, ews, id, day->own ? day->was : NULL,
                                       day->event, &written);
    }
    if (plan->deleted_count + plan->changed_count > 0)
        result->change_key = NULL;
    result->status = status;
    return status;
}

/* --- New ones ------------------------------------------------------------- */

static enum status attach(struct op *op, struct ews *ews,
                          const struct event_form *form,
                          enum remote_notice notice,
                          struct remote_result *result)
{
    const struct attachment_parent parent = { result->id, result->change_key };
    enum status status = event_files_add(op, ews, &parent, form->event, result);

    if (status == STATUS_OK && notice != REMOTE_NOTICE_NONE)
        status = send_invitations(op, ews, form, result);
    return status;
}

enum status ews_event_create(struct op *op, struct remote *remote,
                             const char *folder, const struct series *series,
                             const struct remote_object_extras *extras,
                             struct remote_result *result)
{
    struct ews *ews = ews_of(remote);
    struct occurrences plan = { .notice = extras->notice };

    *result = (struct remote_result){ .status = STATUS_CANNOT };
    if (!is_one_item(series) ||
        !occurrences_plan(op->arena, NULL, series, true, &plan))
        return op_fail(op, STATUS_CANNOT,
                       "an event with days that are none of its series'");
    if (!recurrence_fits(ews_version(ews), series->recurrence))
        return op_fail(op, STATUS_CANNOT, WEEKS);
    const struct event *event = main_event(series);
    bool files = event_files_new(event) > 0;
    const struct event_form form = {
        .event = event,
        .recurrence = series->has_master ? series->recurrence : NULL,
        .uid = series->uid,
        .name = extras->name,
        .kept = object_pack(op, extras),
        .token = extras->token,
    };
    const struct object_creation creation = {
        .folder = folder,
        .element = "t:CalendarItem",
        .notice = object_notice(files ? REMOTE_NOTICE_NONE : extras->notice),
        .write = write_new,
        .form = &form,
    };

    enum status status = object_create(op, ews, &creation, result);
    if (status == STATUS_OK && files)
        status = attach(op, ews, &form, extras->notice, result);
    if (status != STATUS_OK)
        return status;
    plan.master = result->id;
    return write_rest(op, ews, &plan, result);
}

/* --- Changes -------------------------------------------------------------- */

static bool same_rule(const struct series *a, const struct series *b)
{
    if (a->recurrence == NULL || b->recurrence == NULL)
        return a->recurrence == b->recurrence;
    return recurrence_equal(a->recurrence, b->recurrence);
}

static bool is_among(const struct when days[], size_t count,
                     const struct when *day)
{
    for (size_t i = 0; i < count; i++)
        if (days[i].instant == day->instant)
            return true;
    return false;
}

/* Whether a day that was deleted shall be there again. */
static bool is_day_back(const struct series *was, const struct series *shall)
{
    for (size_t i = 0; i < was->deleted_count; i++)
        if (!is_among(shall->deleted, shall->deleted_count, &was->deleted[i]))
            return true;
    return false;
}

/* What of the master has to be written.  A series that begins anew gets its
 * rule once more. */
static unsigned master_parts(const struct ews *ews, const struct series *was,
                             const struct series *shall,
                             const struct remote_object_extras *extras,
                             bool *anew)
{
    unsigned parts = event_differences(main_event(was), main_event(shall));
    bool moved = (parts & 1u << EVENT_TIME) != 0;

    if (!same_rule(was, shall))
        parts |= 1u << EVENT_RECURRENCE;
    *anew = shall->recurrence != NULL && ((parts & 1u << EVENT_RECURRENCE) ||
                                          moved || is_day_back(was, shall));
    if (*anew)
        parts |= 1u << EVENT_RECURRENCE;
    /* Zones have been seen to fail in calendars of others. */
    if (moved && !object_is_foreign(ews))
        parts |= 1u << EVENT_ZONE;
    if (extras->name != NULL)
        parts |= 1u << EVENT_NAME;
    if (extras->kept != NULL)
        parts |= 1u << EVENT_KEPT;
    if (extras->token != NULL)
        parts |= 1u << EVENT_TOKEN;
    return parts;
}

/* --- All of it ------------------------------------------------------------ */

static enum status update_master(struct op *op, struct ews *ews,
                                 const struct remote_object *object,
                                 const struct event_form *form,
                                 enum remote_notice notice, unsigned parts,
                                 bool alone, struct remote_result *result)
{
    /* Where it is the days that others are told of, and nothing of the master
     * that they see is different, the master is not. */
    bool matters = alone || (parts & SEEN_PARTS) != 0;
    struct object_change_of change = {
        .id = object->id,
        .change_key = object->change_key,
        .notice = object_update_notice(matters ? notice : REMOTE_NOTICE_NONE),
        .write = write_changes,
        .form = form,
        .parts = parts,
    };

    /* Where only days change, something of the master is written as it is, for
     * the sake of its change key. */
    if (!event_has_changes(ews_version(ews), form, parts))
        change.parts = 1u << EVENT_IMPORTANCE;
    return object_update(op, ews, &change, result);
}

/* Where all are told, they are once the files are there; who has come or gone
 * can be told by nothing but the change itself. */
static enum remote_notice notice_before_files(enum remote_notice notice)
{
    return notice == REMOTE_NOTICE_ALL ? REMOTE_NOTICE_NONE : notice;
}

static enum status change_files(struct op *op, struct ews *ews,
                                const struct event_form *form,
                                enum remote_notice notice,
                                struct remote_result *result)
{
    const char *id = result->id;
    enum status status =
        event_files_write(op, ews, id, form->was, form->event, result);

    result->id = id;
    if (status == STATUS_OK && notice == REMOTE_NOTICE_ALL)
        status = send_invitations(op, ews, form, result);
    return status;
}

enum status ews_event_update(struct op *op, struct remote *remote,
                             const struct remote_object *object,
                             const struct series *was,
                             const struct series *shall,
                             const struct remote_object_extras *extras,
                             struct remote_result *result)
{
    struct ews *ews = ews_of(remote);
    struct occurrences plan = { .master = object->id,
                                .notice = extras->notice };
    bool anew;

    *result = (struct remote_result){ .status = STATUS_CANNOT };
    if (!is_one_item(shall) || shall->has_master != was->has_master)
        return op_fail(op, STATUS_CANNOT, "an event of several items");
    if (!recurrence_fits(ews_version(ews), shall->recurrence))
        return op_fail(op, STATUS_CANNOT, WEEKS);
    unsigned parts = master_parts(ews, was, shall, extras, &anew);
    enum status status = STATUS_OK;
    if (anew)
        status = event_files_rescue(op, remote, was, shall, &shall);
    result->status = status;
    if (status != STATUS_OK)
        return status;
    const struct event_form form = {
        .event = main_event(shall),
        .was = main_event(was),
        .recurrence = shall->recurrence,
        .name = extras->name,
        .kept = object_pack(op, extras),
        .token = extras->token,
    };
    if (!occurrences_plan(op->arena, was, shall, anew, &plan))
        return op_fail(op, STATUS_CANNOT,
                       "an event with days that are none of its series'");

    bool files = (parts & 1u << EVENT_ATTACHMENTS) != 0;
    bool days = plan.deleted_count + plan.changed_count > 0;
    *result =
        (struct remote_result){ STATUS_OK, object->id, object->change_key };
    if (!files && !days && !event_has_changes(ews_version(ews), &form, parts))
        return STATUS_OK;
    status = update_master(op, ews, object, &form,
                           files ? notice_before_files(extras->notice)
                                 : extras->notice,
                           parts, !files && !days, result);
    if (status == STATUS_OK && files)
        status = change_files(op, ews, &form, extras->notice, result);
    return status == STATUS_OK ? write_rest(op, ews, &plan, result) : status;
}
