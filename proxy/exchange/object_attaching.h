/*
 * object_attaching.h - a change of what is attached to an event; what the files
 * object_attach*.c share
 */
#ifndef POSTERN_EXCHANGE_OBJECT_ATTACHING_H
#define POSTERN_EXCHANGE_OBJECT_ATTACHING_H

#include "proxy/exchange/object_private.h"

struct attaching {
    struct desk desk;
    const char *name; /* the event's */
    struct index_object row;
    const struct object_attaching *wish;

    struct event_attachment *gone; /* what goes; NULL: nothing */
    struct event_attachment fresh; /* what comes; data NULL: nothing */
    bool whole;                    /* no day is named */
    bool on_master;                /* it is about the series itself */
    struct when *days;             /* and about these of its days */
    size_t day_count;

    bool tried; /* before this: perhaps it has come to something */
    struct series before;
    struct series now;          /* as far as is known */
    const char *made;           /* what has come, on the first place */
    const char *made_on_master; /* the same, on the series itself */
    const char *change_key;     /* of the event after that; NULL: not known */
    bool written;
};

/* The event itself, or the only day of somebody else's series. */
const struct event *attaching_main(const struct series *series);

/* What Exchange holds of an event; and the attachment of it or of one of its
 * days that has this id, NULL for none. */
enum status attaching_read(struct desk *desk, const struct index_object *row,
                           struct series *series_out);
const struct event_attachment *attaching_find(const struct series *series,
                                              const char *id);

/* Reads the event, and finds the places that the change is about. */
enum status attaching_plan(struct attaching *attaching,
                           struct object_written *written_out);

/* What has that id; NULL for none. */
const struct event_attachment *attachment_of_id(const struct event *event,
                                                const char *id);

/* The one that is octet for octet what comes, by what Exchange has; NULL for
 * none. */
enum status attaching_find_equal(struct attaching *attaching,
                                 const struct event *event,
                                 const char **id_out);

/* Does what is not done yet, on the event and then on its days.  What comes is
 * there before what goes has gone, so that nothing is lost. */
enum status attaching_write(struct attaching *attaching);

#endif
