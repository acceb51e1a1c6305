/*
 * object_writing.h - an object on its way; what object_put.c, object_create.c
 * and object_update*.c share
 */
#ifndef POSTERN_EXCHANGE_OBJECT_WRITING_H
#define POSTERN_EXCHANGE_OBJECT_WRITING_H

#include "proxy/exchange/object_private.h"

struct writing {
    struct desk desk;
    struct desk *beside; /* the folder that is shown as one with this; NULL */
    const char *name;
    bool adds; /* something new, under a name of ours */
    const char *text;
    size_t len;
    struct object_said said;   /* what it shall be */
    struct index_object row;   /* what is there; row 0: nothing */
    struct object_said before; /* what the row said when the writing began */
    int64_t before_row;        /* which that was; 0: none yet */
    const char *kept;          /* what to keep of the text; NULL: nothing */
    bool is_kept;              /* Exchange has that already */
    struct remote_result result;
    bool replied; /* an answer has gone out: there is no way back */
    bool answers_only;
    struct object_written *out;
};

/* Why a meeting is not taken of which some are to be told by Exchange and
 * others are not. */
#define MIXED_AGENTS                                                           \
    "Exchange tells all who are invited, or none: SCHEDULE-AGENT has to be "   \
    "the same for all of them"

/* STATUS_BAD_CONTENT, with what is wrong for the client. */
enum status writing_refuse(struct writing *writing, enum object_problem problem,
                           const char *reason);

/* Whether the user may write it, in whose name, and Exchange can hold it. */
enum status writing_check(struct writing *writing);

/* A name for something new. */
const char *writing_new_name(const struct writing *writing);

/* Makes a new one, or what differs of one that is there. */
enum status writing_create(struct writing *writing);
enum status writing_update(struct writing *writing);

/* The part of a change that events have alone: answers, the end of a meeting,
 * or a change of the event itself.  The object's key follows. */
enum status writing_update_event(struct writing *writing,
                                 struct remote_object *object,
                                 struct remote_object_extras *extras);

/* Reads what a change has made, where that tells the client something. */
void writing_read_back(struct writing *writing);

/* Notes in the index what the writing has made: the row becomes that. */
enum status writing_keep(struct writing *writing);

#endif
