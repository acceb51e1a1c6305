/*
 * notify.h - a subscription to the news of a mailbox, and reading them
 */
#ifndef POSTERN_EXCHANGE_EWS_NOTIFY_H
#define POSTERN_EXCHANGE_EWS_NOTIFY_H

#include "proxy/exchange/ews/soap.h"
#include "proxy/format/xml_documents.h"

struct soap_answer;
struct stream;

struct ews_watch {
    struct remote_watch watch;
    char *subscription; /* its id; NULL: Exchange has forgotten it */
    char *watermark;    /* pull: up to where we have asked */

    /* The stream, all on the watcher's thread. */
    struct streams *streams;
    struct stream *stream;
    struct soap_call call;
    struct xml_documents documents;
    struct soap_answer *answer; /* the envelope at hand; NULL: between two */
    struct arena *arena;        /* its memory */
    struct op op;
    uint64_t opened_ms;
    bool told_open;
    bool closed;                /* Exchange has ended it in good order */
    struct remote_news trouble; /* END, once something was wrong; or zero */
};

/* The backend's own of a watch. */
struct ews_watch *watch_of(struct remote_watch *watch);

/* Tells what stands in a <Notification>.  Returns the last watermark in it,
 * NULL if there is none. */
const char *notify_read(const struct remote_watch *watch,
                        const struct xml_node *notification);

/* Takes pieces of a stream; false once it has come to its end, good or bad.
 * Between two envelopes it holds no memory. */
bool notify_feed(struct ews_watch *watch, const char *data, size_t len);

/* Forgets the envelope at hand. */
void notify_drop(struct ews_watch *watch);

#endif
