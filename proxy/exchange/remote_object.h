/*
 * remote_object.h - events, tasks and contacts of a backend
 *
 * A part of backend.h, whose rules hold here.
 */
#ifndef POSTERN_EXCHANGE_REMOTE_OBJECT_H
#define POSTERN_EXCHANGE_REMOTE_OBJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proxy/base/op.h"
#include "proxy/format/contact.h"
#include "proxy/format/event.h"

struct remote;
struct remote_result;

enum remote_object_kind {
    REMOTE_EVENT,
    REMOTE_TASK,
    REMOTE_CONTACT,
    REMOTE_GROUP, /* a distribution list */
    REMOTE_OTHER  /* nothing that can be shown: a note, a report */
};

/* One object as lists show it. */
struct remote_object {
    const char *id;
    const char *change_key;
    enum remote_object_kind kind;
    const char *name;  /* as the client called it (0x10F3); NULL: none has */
    const char *token; /* which attempt made it; NULL: none of ours */
};

struct remote_object_delta {
    bool gone; /* only the id */
    struct remote_object object;
};

struct remote_object_page {
    const struct remote_object_delta *deltas;
    size_t count;
    const char *state;
    bool last;
};

/* What was read of one.  Of series all exceptions and deletions are here, of
 * meetings all attendees, of contacts the photo; the content of attachments is
 * not. */
struct remote_object_read {
    size_t index; /* into the ids asked for */
    enum status status;
    struct remote_object object;
    const char *kept;              /* the client's text; NULL */
    const struct series *series;   /* of REMOTE_EVENT */
    const struct task *task;       /* of REMOTE_TASK */
    const struct contact *contact; /* of REMOTE_CONTACT and REMOTE_GROUP */
    const char *message;           /* the iCalendar text of a message about a
                                      meeting, with its METHOD; else NULL */
    bool hidden;                   /* private, and of someone else who does not
                                      show it */
};

/* Who is told of a write to a meeting. */
enum remote_notice {
    REMOTE_NOTICE_NONE,
    REMOTE_NOTICE_CHANGED, /* attendees who came or went */
    REMOTE_NOTICE_ALL
};

/* What a write carries besides the object itself. */
struct remote_object_extras {
    const char *name;  /* set with a new one; NULL: leave it */
    const char *kept;  /* NULL: leave it; "": take it away */
    const char *token; /* set with a new one, for finding it again */
    enum remote_notice notice;
};

struct remote_busy {
    int64_t from;
    int64_t to;
    enum event_busy busy;
    const char *summary; /* as far as it is told; else NULL */
    const char *location;
    bool private;
};

struct remote_busy_answer {
    enum status status;
    struct remote_busy *times; /* in the arena */
    size_t count;
};

/* A message about a meeting. */
enum remote_message { REMOTE_REQUEST, REMOTE_CANCELLATION, REMOTE_REPLY };

struct remote_arrival {
    const char *id;
    enum remote_message kind;
    const char *uid;   /* of the meeting; NULL where it cannot be told */
    const char *about; /* the same with the day: two about one thing have the
                          same; NULL */
    bool processed;    /* it has been put into the calendar */
};

struct remote_objects {
    /* Changes of a folder since `state` (NULL: everything), page by page, up to
     * 512 each.  STATUS_STALE: begin again without a state. STATUS_UNSUPPORTED:
     * it can only be listed. */
    enum status (*sync)(struct op *op, struct remote *remote,
                        const char *folder, const char *state,
                        bool (*page)(void *context,
                                     const struct remote_object_page *page),
                        void *context);

    /* Everything in a folder that cannot be synced, as pages without state; some
     * perhaps twice. */
    enum status (*list)(struct op *op, struct remote *remote,
                        const char *folder,
                        bool (*page)(void *context,
                                     const struct remote_object_page *page),
                        void *context);

    /* Whole objects, 50 or so in a call, and their exceptions 50 or so in
     * another.  `zone` is for times of which Exchange tells no zone. */
    enum status (*read)(struct op *op, struct remote *remote,
                        const struct zone *zone,
                        const struct remote_object objects[], size_t count,
                        bool (*each)(void *context,
                                     const struct remote_object_read *read),
                        void *context);

    /* Why this version of the server cannot hold a recurrence, in words for the
     * client; NULL: it can. */
    const char *(*refuses)(struct remote *remote,
                           const struct recurrence *recurrence);

    /* New ones: one call, and more for attachments, the photo, exceptions and
     * deletions of a series.  STATUS_UNCERTAIN of the result: it may be there;
     * `find` tells.  When a later call fails the result has an id and that
     * status. */
    enum status (*event_create)(struct op *op, struct remote *remote,
                                const char *folder, const struct series *series,
                                const struct remote_object_extras *extras,
                                struct remote_result *result);
    enum status (*task_create)(struct op *op, struct remote *remote,
                               const char *folder, const struct task *task,
                               const struct remote_object_extras *extras,
                               struct remote_result *result);
    enum status (*contact_create)(struct op *op, struct remote *remote,
                                  const char *folder,
                                  const struct contact *contact,
                                  const struct remote_object_extras *extras,
                                  struct remote_result *result);

    /* Makes what `was` (as read) into what `shall` be: only what differs is
     * written.  The object's change key has to be the current one, else
     * STATUS_CONFLICT.  A series costs up to three calls: the master, deleted
     * occurrences, changed ones; a changed rule or start begins it anew, with
     * all its exceptions. */
    enum status (*event_update)(struct op *op, struct remote *remote,
                                const struct remote_object *object,
                                const struct series *was,
                                const struct series *shall,
                                const struct remote_object_extras *extras,
                                struct remote_result *result);
    enum status (*task_update)(struct op *op, struct remote *remote,
                               const struct remote_object *object,
                               const struct task *was, const struct task *shall,
                               const struct remote_object_extras *extras,
                               struct remote_result *result);
    enum status (*contact_update)(struct op *op, struct remote *remote,
                                  const struct remote_object *object,
                                  const struct contact *was,
                                  const struct contact *shall,
                                  const struct remote_object_extras *extras,
                                  struct remote_result *result);

    /* To where the setting says, or for good; meetings are cancelled as the
     * notice says. */
    enum status (*remove)(struct op *op, struct remote *remote,
                          const struct remote_object *object, bool to_trash,
                          enum remote_notice notice);

    /* Moving and copying: as items_move and items_copy. */

    /* One's answer to an invitation, to the whole or (`occurrence` not NULL) to
     * one day of it; `send`: the organizer is told.  The result is the item as
     * it is afterwards; a declined one has no id. */
    enum status (*respond)(struct op *op, struct remote *remote,
                           const struct remote_object *object,
                           const struct when *occurrence,
                           enum event_answer answer, const char *comment,
                           bool send, struct remote_result *result);

    /* The objects in a folder that the attempt `token` made, or (token NULL)
     * that have this UID; up to ten. */
    enum status (*find)(struct op *op, struct remote *remote,
                        const char *folder, const char *token, const char *uid,
                        struct remote_object **objects_out, size_t *count_out);

    /* The days of a series, be they exceptions or not, as items of their own:
     * their ids and what is attached to them, 50 or so in a call.
     * STATUS_NOT_FOUND: one of them is none of its days. */
    enum status (*days)(struct op *op, struct remote *remote,
                        const struct remote_object *object,
                        const struct series *series, const struct when days[],
                        size_t count, struct event events_out[]);

    /* Attachments and photos: content in the arena. */
    enum status (*attachment_read)(struct op *op, struct remote *remote,
                                   const char *id,
                                   struct event_attachment *attachment_out);
    enum status (*attachment_add)(struct op *op, struct remote *remote,
                                  const struct remote_object *object,
                                  const struct event_attachment *attachment,
                                  const char **id_out,
                                  struct remote_result *result);
    enum status (*attachment_remove)(struct op *op, struct remote *remote,
                                     const char *id,
                                     struct remote_result *result);

    /* The newest messages about meetings in a folder of mail, up to 200 of
     * them, the newest first: one call. */
    enum status (*arrivals)(struct op *op, struct remote *remote,
                            const char *folder,
                            struct remote_arrival **arrivals_out,
                            size_t *count_out);

    /* Up to 100 addresses and 42 days in one call: more of either in several.
     * `details`: subjects and places as well, where Exchange tells them. */
    enum status (*busy)(struct op *op, struct remote *remote,
                        const char *const addresses[], size_t count,
                        int64_t from, int64_t to, bool details,
                        struct remote_busy_answer answers_out[]);

    /* Windows' name of the zone the user has chosen in Outlook on the Web, NULL
     * where there is none. */
    enum status (*zone)(struct op *op, struct remote *remote,
                        const char **name_out);

    /* All addresses of the mailbox's owner, the primary one first, NULL at the
     * end, and his name. */
    enum status (*addresses)(struct op *op, struct remote *remote,
                             const char *address,
                             const char *const **addresses_out,
                             const char **name_out);
};

#endif
