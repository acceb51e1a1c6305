/*
 * object_private.h - what the files of object.h share
 */
#ifndef POSTERN_EXCHANGE_OBJECT_PRIVATE_H
#define POSTERN_EXCHANGE_OBJECT_PRIVATE_H

#include "proxy/exchange/account_private.h"
#include "proxy/exchange/index/objects.h"
#include "proxy/exchange/mail_private.h"
#include "proxy/exchange/object.h"
#include "proxy/exchange/schedule.h"

struct desk_source;

/* A folder of objects that is being worked on. */
struct desk {
    struct op *op;
    struct account *account;
    struct remote *remote;
    const struct remote_objects *objects; /* what the backend can do */
    const struct desk_source *source;     /* of a folder that is made; NULL */
    struct index_folder folder;
    const struct zone *zone; /* of the owner, */
    const char *const *self; /* and his addresses */
};

/* STATUS_CANNOT for a folder that holds no objects. */
enum status desk_open(struct op *op, struct account *account, int64_t folder,
                      struct desk *desk_out);

/* Whether it is in somebody else's mailbox, or everyone's. */
bool desk_is_foreign(const struct desk *desk);

/* The owner's zone and addresses, which may have to be asked for. */
void desk_know_owner(struct desk *desk);

/* Those who change a folder, or take in what Exchange says of it, take turns.
 * False: cancelled. */
bool desk_enter(struct desk *desk);
void desk_leave(struct desk *desk);

/* The same for two (`b` NULL: for one) that may be one. */
bool desk_enter_both(struct desk *a, struct desk *b);
void desk_leave_both(struct desk *a, struct desk *b);

/* Has Exchange tell of news in a folder, where a program looks at the desk's
 * again and again. */
void desk_have_told(struct desk *desk, int64_t folder);

/* Brings the folder up to date, out of turn and in it. */
enum status desk_refresh(struct desk *desk);
enum status desk_sync(struct desk *desk);

/* --- Folders that are made (object_made.c) -------------------------------- */

/* What Exchange has in no folder, shown as one: it is listed whole, and its
 * objects are read and taken away by ids of the source's own making. */
struct desk_source {
    const char *mark; /* how the ids of such folders begin */
    const char *name; /* what they are called */
    unsigned lacks;   /* what may not be done in them */
    bool (*is_current)(struct desk *desk);
    enum status (*list)(struct desk *desk,
                        bool (*page)(void *context,
                                     const struct remote_object_page *page),
                        void *context);
    enum status (*read)(struct desk *desk, const struct remote_object objects[],
                        size_t count,
                        bool (*each)(void *context,
                                     const struct remote_object_read *read),
                        void *context);
};

extern const struct desk_source source_arrived; /* object_arrived.c */
extern const struct desk_source source_shut;    /* object_shut.c */

/* NULL for a folder of Exchange's. */
const struct desk_source *source_of(const struct index_folder *folder);

/* The folder of a source, `rest` being what its id has behind the mark. */
enum status source_folder(struct op *op, struct account *account,
                          const struct desk_source *source, const char *rest,
                          struct folder *folder_out);

/* What is known of objects at Exchange, or by a source. */
enum status desk_ask(struct desk *desk, const struct remote_object objects[],
                     size_t count,
                     bool (*each)(void *context,
                                  const struct remote_object_read *read),
                     void *context);

/* Events have changed: what has arrived may have been answered. */
void arrived_touch(struct desk *desk);

/* Messages about meetings by their ids; and what lists say of one, and its text
 * (object_message.c). */
enum status arrived_read(struct desk *desk,
                         const struct remote_object objects[], size_t count,
                         bool (*each)(void *context,
                                      const struct remote_object_read *read),
                         void *context);
void arrived_make(struct desk *desk, const char *text,
                  struct index_object_content *content);

/* What a text says, of whatever kind; `problem` as object_put tells it. */
struct object_said {
    enum object_problem problem;
    const char *reason;
    enum object_kind kind;
    const char *uid;
    struct ical_object calendar; /* of events and tasks */
    struct contact contact;
    enum vcard_version version;
};

struct object_said object_understand(struct desk *desk, enum object_kind kind,
                                     const char *text, size_t len);

/* Makes the text of what was read, and what lists say of it. */
enum status object_make(struct desk *desk, const struct index_object *row,
                        const struct remote_object_read *read,
                        struct index_object_content *content);

/* A text as it may be read: what was kept before control characters were refused
 * may have some.  NULL for NULL. */
const char *object_readable(struct arena *arena, const char *text);

/* A text as a client wants it: cards in that version. */
const char *object_as_version(struct op *op, const struct index_object *row,
                              enum vcard_version version, const char *text);

/* objects_read, of a folder that is being worked on. */
enum status desk_read(struct desk *desk, const char *const names[],
                      size_t count, enum vcard_version version,
                      bool (*each)(void *context, size_t index,
                                   enum status status,
                                   const struct object *object,
                                   const char *text, size_t len),
                      void *context);

/* Makes the texts of these where there are none yet: what they say of their
 * objects is known from then on. */
enum status desk_know(struct desk *desk, const char *const names[],
                      size_t count);

/* Adds to a group those who are named in its text by their cards, and leaves
 * them out again. */
void object_add_members(struct desk *desk, const char *text, size_t len,
                        struct contact *group);
void object_leave_members(struct desk *desk, const char *text, size_t len,
                          struct contact *group);

/* The kind that a folder holds. */
enum object_kind object_kind_of(const struct index_folder *folder);

/* As clients see a row. */
struct object object_of(const struct index_object *row);

/* The text of one object, made if there is none; STATUS_NOT_FOUND when it has
 * gone. */
enum status object_text(struct desk *desk, const struct index_object *row,
                        const char **text_out);

/* Reads one object once more, and keeps what it says: with another change key
 * than is known it has changed. */
enum status object_read_back(struct desk *desk, const struct index_object *row,
                             struct index_object_content *content_out);

/* STATUS_DENIED for what somebody else does not show: who sees but a mask of it
 * neither changes nor deletes it.  What nobody has read yet is read. */
enum status object_check_shown(struct desk *desk,
                               const struct index_object *row);

/* Whether the conditions hold for what is there (row 0: nothing). */
enum status object_check(struct op *op, const struct index_object *row,
                         const struct object_condition *condition);

/* Looks for what an attempt has made whose answer was lost: STATUS_OK with id
 * NULL: surely nothing. */
enum status object_find_attempt(struct desk *desk, const char *token,
                                struct remote_object *found_out);

/* The one with that name; row 0: there is none. */
enum status object_row(struct desk *desk, const char *name,
                       struct index_object *row_out);

/* Deletes in turn what is called so. */
enum status object_remove_named(struct desk *desk, const char *name, bool reply,
                                const struct object_condition *condition);

/* Whether what is deleted here goes to where it can be got back from. */
bool desk_has_trash(const struct desk *desk);

/* Has Exchange call it so. */
enum status object_rename(struct desk *desk, const struct index_object *row,
                          const char *name, struct remote_result *result);

struct remote_object object_remote(const struct index_object *row);

/* --- Meetings (object_meeting.c) ------------------------------------------ */

/* Whether the owner holds the meeting himself, or it is none. */
bool meeting_is_own(const struct series *series);

/* Whether it is one of somebody else that the owner has not declined, and
 * whether he has. */
bool meeting_is_invitation(const struct series *series);
bool meeting_is_declined(const struct series *series);

/* Whether anybody is asked to come. */
bool meeting_has_people(const struct series *series);

/* Whether it is a meeting of the user's, to be told by Exchange, to which the
 * owner of the calendar is not asked.  Addresses end with NULL. */
bool meeting_is_misplaced(const struct series *series, const char *const user[],
                          const char *const owner[]);

/* The same without organizer and attendees, and the same without a day. */
struct series meeting_without_people(struct arena *arena,
                                     const struct series *series);
struct series series_without_day(struct arena *arena,
                                 const struct series *series,
                                 const struct when *day);

/* What differs of the event itself, days of a series aside; and whether nothing
 * differs in all of it but answers. */
unsigned meeting_differences(const struct series *was,
                             const struct series *shall);
bool meeting_same_but_answers(const struct series *was,
                              const struct series *shall);

/* Who is told of a new meeting, of a change, and of its end.  `zone` is the
 * owner's. */
enum remote_notice meeting_notice_new(const struct series *series,
                                      const struct zone *zone);
enum remote_notice meeting_notice_change(const struct series *was,
                                         const struct series *shall,
                                         const struct zone *zone);
enum remote_notice meeting_notice_end(const struct series *series,
                                      const struct zone *zone);

/* Whether the last of it has ended. */
bool meeting_is_over(const struct series *series, const struct zone *zone);

/* Whether the organizer calls off what others are to be told the end of; and
 * the same without the days that he has called off. */
bool meeting_is_called_off(const struct series *was, const struct series *shall,
                           const struct zone *zone);
struct series meeting_without_cancelled(struct arena *arena,
                                        const struct series *series);

/* What Exchange holds of what the owner has cancelled. */
struct series series_uncancelled(struct arena *arena,
                                 const struct series *series);

/* Whether Exchange is to care for some who are invited and not for others:
 * it tells all of them, or none. */
bool meeting_is_mixed(const struct series *series);

/* RFC 6638, 3.2.4.3: whether all that name an organizer name the same. */
bool meeting_has_one_organizer(const struct series *series);

/* What an attendee may do to his copy: OBJECT_ATTENDEES otherwise. */
enum object_problem meeting_check_attendee(const struct series *was,
                                           const struct series *shall);

/* An answer that is to be given: to the whole, or to one day. */
struct meeting_reply {
    const struct when *occurrence; /* NULL: the whole */
    enum event_answer answer;
    bool send;
    bool leaves; /* the day is only left out */
};

/* Up to `max` of them. */
size_t meeting_replies(const struct series *was, const struct series *shall,
                       struct meeting_reply replies[], size_t max);

/* How often an answer goes out for one write. */
enum { MEETING_REPLIES = 64 };

#endif
