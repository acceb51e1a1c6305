/*
 * object_check.c - whether what a client sends may be written as it is
 */
#include "proxy/base/arena.h"
#include "proxy/exchange/object_writing.h"

/* The rights that a write needs. */
static enum status check_rights(struct writing *writing)
{
    unsigned needed =
        writing->row.row == 0 ? FOLDER_MAY_ADD : FOLDER_MAY_MODIFY;

    if ((writing->desk.folder.lacks & needed) != 0)
        return op_fail(writing->desk.op, STATUS_DENIED,
                       "no right to write here");
    return STATUS_OK;
}

/* Exchange invites in the name of whose calendar it is.  A meeting that the
 * user puts in somebody else's in her own name, without asking him to it, would
 * be one that nobody is invited to. */
static enum status check_organizer(struct writing *writing)
{
    struct desk *desk = &writing->desk;
    const char *const login[] = { desk->account->login_name, NULL };
    const char *const *user = login;
    enum status status = STATUS_OK;

    if (writing->said.kind != OBJECT_EVENT)
        return STATUS_OK;
    if (!meeting_has_one_organizer(&writing->said.calendar.series))
        return writing_refuse(writing, OBJECT_ORGANIZERS,
                              "A meeting has one organizer");
    if (!desk_is_foreign(desk))
        return STATUS_OK;
    if (desk->account->mailbox == NULL)
        status = schedule_addresses(desk->op, desk->account, &user);
    if (status == STATUS_OK &&
        meeting_is_misplaced(&writing->said.calendar.series, user, desk->self))
        status = writing_refuse(writing, OBJECT_ORGANIZER,
                                "The organizer of a meeting in this calendar "
                                "has to be whose calendar it is");
    return status;
}

/* What all servers cannot hold has been refused as the text was read. */
static enum status check_recurrence(struct writing *writing)
{
    struct desk *desk = &writing->desk;
    const struct ical_object *said = &writing->said.calendar;
    const struct recurrence *recurrence =
        writing->said.kind == OBJECT_EVENT  ? said->series.recurrence
        : writing->said.kind == OBJECT_TASK ? said->task.recurrence
                                            : NULL;
    const char *reason = recurrence != NULL
                             ? desk->objects->refuses(desk->remote, recurrence)
                             : NULL;

    return reason == NULL ? STATUS_OK
                          : writing_refuse(writing, OBJECT_RECURRENCE, reason);
}

enum status writing_check(struct writing *writing)
{
    enum status status = check_rights(writing);

    if (status == STATUS_OK)
        status = check_organizer(writing);
    return status == STATUS_OK ? check_recurrence(writing) : status;
}
