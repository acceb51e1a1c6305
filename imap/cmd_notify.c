/*
 * cmd_notify.c - NOTIFY: what the client wants to hear of without asking
 *
 * RFC 5465, 3.1:  NOTIFY NONE
 *                 NOTIFY SET [STATUS] (<mailboxes> <events>) ...
 */
#include "imap/command.h"

#include <stdlib.h>

#include "imap/fetch_items.h"
#include "imap/folder.h"
#include "imap/name.h"
#include "imap/notify.h"
#include "proxy/base/arena.h"
#include "proxy/base/memory.h"
#include "proxy/base/str.h"
#include "proxy/exchange/mail.h"

/* Beyond this it is too much to look after. */
#define GROUPS_MAX 100
#define NAMES_MAX 1000

/* Events of messages are the only ones of the selected mailbox.  Any folder may
 * be an inbox: rules at Exchange deliver to them all (6.3). */
/* clang-format off */
static const struct {
    const char *name;
    enum notify_filter filter;
} filters[] = {
    { "SELECTED",         NOTIFY_SELECTED },
    { "SELECTED-DELAYED", NOTIFY_SELECTED_DELAYED },
    { "INBOXES",          NOTIFY_PERSONAL },
    { "PERSONAL",         NOTIFY_PERSONAL },
    { "SUBSCRIBED",       NOTIFY_SUBSCRIBED },
    { "SUBTREE",          NOTIFY_SUBTREE },
    { "MAILBOXES",        NOTIFY_MAILBOXES },
};

static const struct {
    const char *name;
    enum notify_event event;
} events[] = {
    { "MessageNew",            NOTIFY_NEW },
    { "MessageExpunge",        NOTIFY_EXPUNGE },
    { "FlagChange",            NOTIFY_FLAGS },
    { "MailboxName",           NOTIFY_NAME },
    { "SubscriptionChange",    NOTIFY_SUBSCRIPTION },
    { "MailboxMetadataChange", NOTIFY_METADATA },
    { "ServerMetadataChange",  NOTIFY_SERVER_METADATA },
};
/* clang-format on */

#define BAD_EVENT                                                              \
    "BADEVENT (MessageNew MessageExpunge FlagChange MailboxName "              \
    "SubscriptionChange MailboxMetadataChange ServerMetadataChange)"

#define COUNT(table) (sizeof(table) / sizeof *(table))

struct request {
    struct imap_command *command;
    struct notify_group groups[GROUPS_MAX];
    size_t count;
    size_t names;
    bool status;      /* tell it before the end */
    bool unsupported; /* an event that is none of ours */
    bool flags;       /* FlagChange or AnnotationChange is among a group's */
    bool too_much;
};

/* --- Reading ------------------------------------------------------------- */

static bool is_selected(const struct notify_group *group)
{
    return group->filter == NOTIFY_SELECTED ||
           group->filter == NOTIFY_SELECTED_DELAYED;
}

/* The attributes of MessageNew, which are read again for every new message. */
static bool read_attributes(struct request *request, struct notify_group *group)
{
    struct imap_args *args = &request->command->args;
    const char *start = args->at;
    struct fetch_items items;

    if (!imap_args_next_is(args, '('))
        return true;
    if (!is_selected(group) || !fetch_items_read(args, &items))
        return false;
    const char *text =
        arena_strndup(args->arena, start, (size_t)(args->at - start));
    free(group->attributes);
    group->attributes = memory_strdup(text);
    return true;
}

static bool read_event(struct request *request, struct notify_group *group)
{
    struct imap_args *args = &request->command->args;

    for (size_t i = 0; i < COUNT(events); i++) {
        if (!imap_args_word(args, events[i].name))
            continue;
        group->events |= events[i].event;
        request->flags |= events[i].event == NOTIFY_FLAGS;
        /* A space may also come before the next event. */
        return events[i].event != NOTIFY_NEW || args->at + 1 >= args->end ||
               args->at[0] != ' ' || args->at[1] != '(' ||
               (imap_args_space(args) && read_attributes(request, group));
    }
    const char *name = imap_args_atom(args);
    request->unsupported = true;
    request->flags |=
        name != NULL && str_equal_nocase(name, "AnnotationChange");
    return name != NULL;
}

/* What belongs together is asked for together (5). */
static bool is_sensible(const struct request *request,
                        const struct notify_group *group)
{
    unsigned both = NOTIFY_NEW | NOTIFY_EXPUNGE;
    unsigned messages = group->events & both;

    if (messages != 0 && messages != both)
        return false;
    if (request->flags && messages != both)
        return false;
    return !is_selected(group) ||
           (group->events & ~(unsigned)NOTIFY_OF_MESSAGES) == 0;
}

static bool read_events(struct request *request, struct notify_group *group)
{
    struct imap_args *args = &request->command->args;

    if (imap_args_word(args, "NONE"))
        return true;
    if (!imap_args_char(args, '('))
        return false;
    request->flags = false;
    do {
        if (!read_event(request, group))
            return false;
    } while (imap_args_space(args));
    return imap_args_char(args, ')') && is_sensible(request, group);
}

static bool read_name(struct request *request, struct notify_group *group,
                      size_t count)
{
    const char *name = imap_read_mailbox(request->command);

    if (name == NULL)
        return false;
    group->names =
        memory_resize(group->names, (count + 2) * sizeof *group->names);
    group->names[count] = memory_strdup(name);
    group->names[count + 1] = NULL;
    request->too_much |= ++request->names > NAMES_MAX;
    return true;
}

static bool read_names(struct request *request, struct notify_group *group)
{
    struct imap_args *args = &request->command->args;
    size_t count = 0;

    if (!imap_args_space(args))
        return false;
    if (!imap_args_char(args, '('))
        return read_name(request, group, count);
    do {
        if (!read_name(request, group, count++))
            return false;
    } while (imap_args_space(args));
    return imap_args_char(args, ')');
}

static bool read_filter(struct request *request, struct notify_group *group)
{
    struct imap_args *args = &request->command->args;

    for (size_t i = 0; i < COUNT(filters); i++) {
        if (!imap_args_word(args, filters[i].name))
            continue;
        group->filter = filters[i].filter;
        return (group->filter != NOTIFY_SUBTREE &&
                group->filter != NOTIFY_MAILBOXES) ||
               read_names(request, group);
    }
    return false;
}

static bool read_group(struct request *request)
{
    struct imap_args *args = &request->command->args;
    struct notify_group *group = &request->groups[request->count];

    if (request->count == GROUPS_MAX) {
        request->too_much = true;
        return false;
    }
    request->count++;
    if (!imap_args_char(args, '(') || !read_filter(request, group) ||
        !imap_args_space(args) || !read_events(request, group))
        return false;
    for (size_t i = 0; i + 1 < request->count && is_selected(group); i++)
        if (is_selected(&request->groups[i]))
            return false;
    return imap_args_char(args, ')');
}

static bool read_request(struct request *request)
{
    struct imap_args *args = &request->command->args;

    if (!imap_args_space(args))
        return false;
    if (imap_args_word(args, "NONE"))
        return imap_args_end(args);
    if (!imap_args_word(args, "SET") || !imap_args_space(args))
        return false;
    if (imap_args_word(args, "STATUS")) {
        request->status = true;
        if (!imap_args_space(args))
            return false;
    }
    do {
        if (!read_group(request))
            return false;
    } while (imap_args_space(args));
    return imap_args_end(args);
}

/* --- Doing --------------------------------------------------------------- */

static struct imap_notify *take_over(struct request *request)
{
    struct notify_group *groups =
        memory_new((request->count + 1) * sizeof *groups);

    for (size_t i = 0; i < request->count; i++)
        groups[i] = request->groups[i];
    return imap_notify_new(groups, request->count);
}

/* A NOTIFY is a NOOP as well (3.1): the end of the command tells what is new.
 */
static struct imap_answer begin(struct imap_command *command,
                                struct imap_notify *notify, bool status)
{
    struct imap_session *session = command->session;
    struct imap_notify *old = session->notify;
    struct mail_view *view = NULL;

    /* Listening comes first, so that nothing is missed in between. */
    session->notify = notify;
    imap_session_listen(session);
    enum status begun = imap_notify_begin(command->op, session, status);
    if (begun != STATUS_OK) {
        session->notify = old;
        imap_session_listen(session);
        imap_notify_free(&notify);
        return imap_failed(command, begun);
    }
    imap_notify_free(&old);
    if (imap_notify_is_immediate(notify) && session->folder != NULL)
        mail_refresh(command->op, session->account,
                     imap_folder_id(session->folder), &view);
    mail_view_unref(&view);
    return imap_ok(command);
}

struct imap_answer imap_cmd_notify(struct imap_command *command)
{
    struct request *request = arena_alloc(command->op->arena, sizeof *request);
    struct imap_notify *notify;
    bool read;

    request->command = command;
    read = read_request(request);
    notify = take_over(request);
    if (!read || request->unsupported || request->too_much)
        imap_notify_free(&notify);
    if (request->too_much)
        return imap_no(command, "NOTIFICATIONOVERFLOW",
                       "This is too much to look after");
    if (!read)
        return imap_bad_args(command,
                             "NONE, or SET and groups of mailboxes and events "
                             "that belong together");
    if (request->unsupported)
        return imap_no(command, BAD_EVENT, "Other events are not known here");
    return begin(command, notify, request->status);
}
