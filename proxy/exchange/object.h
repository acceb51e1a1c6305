/*
 * object.h - events, tasks and contacts: named texts in folders
 *
 * A folder of kind calendar, tasks or contacts holds objects.  Each has a name
 * that is its own in the folder (a client's, or one of ours for what was made
 * elsewhere) and never changes, and a text: iCalendar for events and tasks,
 * vCard for contacts.  A text comes out of what Exchange holds and of what the
 * last client sent, so that nothing of the latter is lost (ical.h, vcard.h).
 *
 * With the setting caldav.tasks = calendar the calendar that everyone has holds
 * tasks as well: those of the folder for tasks that everyone has, which is
 * there as before.  All of this goes for the two as for one folder.
 *
 * Each change gives an object a new revision, of one counter for the folder
 * that never goes back while its `validity` is the same.
 */
#ifndef POSTERN_EXCHANGE_OBJECT_H
#define POSTERN_EXCHANGE_OBJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proxy/base/op.h"
#include "proxy/format/ical.h"
#include "proxy/format/vcard.h"

struct account;

enum object_kind { OBJECT_EVENT, OBJECT_TASK, OBJECT_CONTACT };

struct object {
    const char *name; /* "x.ics", as a segment of a URL before it is quoted */
    enum object_kind kind;
    uint64_t revision; /* an ETag, with the folder's validity */
    /* Known once the text has been made, for coarse comparisons: */
    bool known;
    const char *uid;
    int64_t from; /* ical_bounds */
    int64_t to;
    uint64_t schedule; /* Schedule-Tag: the revision of the last change that was
                          not an answer of an attendee only */
    bool meeting; /* somebody is invited, or has invited the owner */
    size_t size;  /* of the text; 0: it has to be made (anew) */
};

/* Where a folder stands. */
struct object_marks {
    uint32_t validity;
    uint64_t revision; /* the newest; 0 in a folder that never had anything */
};

/* Brings what is known of a folder up to date: no call while it is watched, one
 * otherwise (for each of two folders), E/512 the first time. */
enum status objects_refresh(struct op *op, struct account *account,
                            int64_t folder, struct object_marks *marks_out);

/* The same as it is known, without asking; validity 0: nothing is known yet. */
enum status objects_marks(struct op *op, struct account *account,
                          int64_t folder, struct object_marks *marks_out);

/* Whether there may be such objects in it. */
bool objects_hold(struct op *op, struct account *account, int64_t folder,
                  enum object_kind kind);

/* As it is known, without asking, by name. */
enum status objects_list(struct op *op, struct account *account, int64_t folder,
                         struct object **objects_out, size_t *count_out);

/* The objects of these names; one that is not there has a NULL name. */
enum status objects_find(struct op *op, struct account *account, int64_t folder,
                         const char *const names[], size_t count,
                         struct object objects_out[]);

/* What has come, changed or gone since a revision (RFC 6578); gone ones have
 * `gone` set and nothing but a name and a revision.  No two changes have the
 * same revision.  STATUS_STALE: the revision or validity is not known any
 * more. */
struct object_change {
    struct object object;
    bool gone;
};

enum status objects_changes(struct op *op, struct account *account,
                            int64_t folder, uint32_t validity, uint64_t since,
                            struct object_change **changes_out,
                            size_t *count_out, struct object_marks *marks_out);

/*
 * The texts of objects, in any order: from the index where they are known, the
 * rest by E/50 calls or so.  Contacts come as the card `version` says.
 * `each` gets STATUS_NOT_FOUND for one that has gone meanwhile; the text lives
 * until it returns.
 */
enum status objects_read(
    struct op *op, struct account *account, int64_t folder,
    const char *const names[], size_t count, enum vcard_version version,
    bool (*each)(void *context, size_t index, enum status status,
                 const struct object *object, const char *text, size_t len),
    void *context);

/* Makes the texts of these (`names` NULL: of all) that have none, so that all is
 * known of them: E/50 calls or so. */
enum status objects_know(struct op *op, struct account *account, int64_t folder,
                         const char *const names[], size_t count);

/* What has to be true before a write; otherwise it is STATUS_CONFLICT. */
struct object_condition {
    bool absent;       /* If-None-Match: * */
    bool present;      /* If-Match: * */
    uint64_t revision; /* If-Match; 0: any */
    uint64_t schedule; /* If-Schedule-Tag-Match; 0: any */
};

/* Why a text is refused, besides a status (STATUS_BAD_CONTENT). */
enum object_problem {
    OBJECT_FINE,
    OBJECT_SYNTAX,      /* not iCalendar, or not vCard */
    OBJECT_INVALID,     /* it is, but not one object */
    OBJECT_COMPONENT,   /* of a kind that this folder does not hold */
    OBJECT_UID_TAKEN,   /* another object of the folder has that UID */
    OBJECT_UID_CHANGED, /* the object has had another UID, or been an event and
                           not a task */
    OBJECT_RECURRENCE,  /* Exchange cannot hold such a recurrence */
    OBJECT_EARLY,       /* before the dates that Exchange has */
    OBJECT_LATE,        /* after them */
    OBJECT_TOO_MANY,    /* components or instances */
    OBJECT_PEOPLE,      /* so many attendees */
    OBJECT_ORGANIZERS,  /* several, of one meeting (RFC 6638: same-organizer-in-
                           all-components) */
    OBJECT_ATTENDEES,   /* an attendee may not change what only the organizer
                           may (RFC 6638: allowed-attendee-scheduling-object-
                           change) */
    OBJECT_ORGANIZER,   /* the organizer cannot be changed, or is not the owner
                           (allowed-organizer-scheduling-object-change) */
    OBJECT_DAY,         /* there is no such day of the series (RFC 8607:
                           valid-rid) */
    OBJECT_FILES        /* so many files cannot be attached to it (RFC 8607:
                           max-attachments-per-resource) */
};

struct object_written {
    enum object_problem problem;
    const char *reason; /* in words for the client; NULL */
    const char *other;  /* UID_TAKEN: the name of the other object */
    bool created;
    bool gone;  /* a declined invitation: it is not there any
                   more */
    bool exact; /* what is read back is what was sent */
    struct object object;
};

/*
 * Makes or replaces an object: one call where nothing was there, two or three
 * where something was.  Only what differs from the text as it was given out is
 * written.  Invitations, updates and answers go out when they have to
 * (schedule.h).  STATUS_CONFLICT: a condition is not true, or the object has
 * been changed meanwhile.  STATUS_BAD_CONTENT with a problem otherwise.
 * Without a name (NULL) something new is made, under one of our own.
 */
enum status object_put(struct op *op, struct account *account, int64_t folder,
                       const char *name, const char *text, size_t len,
                       const struct object_condition *condition,
                       struct object_written *written_out);

/* Deletes as the setting calendar.delete says; a meeting of one's own is
 * cancelled, an invitation declined where `reply` (Schedule-Reply: T). */
enum status object_delete(struct op *op, struct account *account,
                          int64_t folder, const char *name, bool reply,
                          const struct object_condition *condition);

/* Moves or copies to another folder, or renames.  STATUS_EXISTS where there is
 * one of that name and `overwrite` is false. */
enum status object_transfer(struct op *op, struct account *account,
                            int64_t folder, const char *name, int64_t target,
                            const char *target_name, bool move, bool overwrite,
                            const struct object_condition *condition,
                            struct object_written *written_out);

/* --- Attachments of events ------------------------------------------------ */

/* The content of one, by the id its link has: Exchange's, in which "-" and "_"
 * may stand for "+" and "/". */
enum status object_attachment_read(struct op *op, struct account *account,
                                   int64_t folder, const char *name,
                                   const char *id, const char **type_out,
                                   const char **file_out, const char **data_out,
                                   size_t *len_out);

/* A change of what is attached (RFC 8607): something comes, something goes, or
 * one takes the place of the other. */
struct object_attaching {
    const char *id;   /* what goes; NULL: nothing */
    const char *file; /* what comes: its name, */
    const char *type; /* its type */
    const char *data; /* and its content; NULL: nothing comes */
    size_t len;
    const char *const *days; /* where, NULL at the end: days of a series by
                                their RECURRENCE-ID, and "M" for the series
                                itself.  NULL: all of it */
};

/* How many days one change may name. */
#define OBJECT_DAYS_MAX 100

/*
 * One call for what comes and one for what goes.  A day that is named costs one
 * for each, and all of them another before and two after; so do, where it is
 * all of it, the days that are exceptions and have files of their own.
 *
 * The same that has been tried before, and whose outcome nobody has heard,
 * is not done twice, also after a restart.  Nobody who is invited is told, as
 * Exchange tells nobody of what is attached by itself.
 *
 * STATUS_NOT_FOUND: there is no such event, or attachment of it;
 * STATUS_BAD_CONTENT with OBJECT_DAY or OBJECT_FILES.  `id_out` is that of what
 * has come.
 */
enum status object_attach(struct op *op, struct account *account,
                          int64_t folder, const char *name,
                          const struct object_attaching *wish,
                          const char **id_out,
                          struct object_written *written_out);

/* --- What clients say of folders and objects ------------------------------ */

/* Properties that Exchange has no place for, by an opaque name, on a folder or
 * (`object` not NULL) on an object; NULL as value takes one away. */
struct object_property {
    const char *name;
    const char *value;
};

enum status object_properties(struct op *op, struct account *account,
                              int64_t folder, const char *object,
                              struct object_property **properties_out,
                              size_t *count_out);
enum status object_set_properties(struct op *op, struct account *account,
                                  int64_t folder, const char *object,
                                  const struct object_property properties[],
                                  size_t count);

#endif
