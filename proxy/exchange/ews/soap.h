/*
 * soap.h - one call of Exchange Web Services: envelope, answer, faults
 *
 * An answer holds response messages, one for each thing that was asked for, in
 * that order; each succeeds or fails alone.  They are handed on one by one as
 * they arrive, each as a tree; the text of a MimeContent is not kept in it but
 * streamed.
 */
#ifndef POSTERN_EXCHANGE_EWS_SOAP_H
#define POSTERN_EXCHANGE_EWS_SOAP_H

#include "proxy/exchange/ews/ews.h"
#include "proxy/exchange/http/retry.h"
#include "proxy/format/xml.h"

struct arena;
struct spool;

/* A request that is being written. */
struct soap_request {
    struct xml_writer writer;
    enum ews_version version;
    const struct spool *content;
    size_t content_at;
};

/* One response message. */
struct soap_message {
    size_t index;
    struct verdict verdict; /* STATUS_OK for a warning as well */
    const char *code;       /* "NoError" */
    const struct xml_node *node;
};

struct soap_call {
    const char *operation; /* "GetItem" */
    bool write;
    bool find; /* searches or synchronises */
    bool affinity; /* is about a subscription: goes to the server that has it */
    bool plain;    /* that something is not there may be said by HTTP alone */

    /* Writes the operation's attributes and children; called again for each
     * try, which starts from nothing. */
    void (*build)(void *context, struct soap_request *request);

    /* Takes the messages in their order; what they hold lives as long as the
     * arena. */
    void (*message)(void *context, const struct soap_message *message);

    /* Takes the text of the MimeContent of the message that comes next; NULL
     * refuses one. */
    void (*mime)(void *context, const char *text, size_t len);

    void *context;
};

/* Puts the base64 of a spool here, as the text of the element that is open. */
void soap_content(struct soap_request *request, const struct spool *content);

/* Writes the opened element's children for a folder: by id, or the
 * distinguished one where the id begins with '#' ("#inbox"), of another mailbox
 * where its address follows ("#inbox:bob@example.com"). */
void soap_folder(struct xml_writer *writer, const char *id);

/* The text of a call that is made elsewhere, into the buffer. */
void soap_write(const struct soap_call *call, enum ews_version version,
                struct buf *text);

/* Makes the call once.  The verdict is on the call as a whole: messages have
 * their own. STATUS_OK: all of the answer is here. */
struct verdict soap_try(struct op *op, struct ews *ews,
                        const struct soap_call *call, struct arena *arena,
                        const struct patience *patience, bool fresh);

/* Goes on after a verdict as retry_wait does, and takes an older version where
 * that is what the server wants. */
bool soap_again(struct op *op, struct ews *ews, struct patience *patience,
                const struct verdict *verdict, bool write);

/*
 * Makes a call that has one answer, as often as it takes, and gives its only
 * message in `arena`.  `build` is all of the call's functions that is needed.
 * A write that may have been carried out is STATUS_UNCERTAIN.
 */
enum status soap_ask(struct op *op, struct ews *ews,
                     const struct soap_call *call, struct arena *arena,
                     const struct xml_node **message_out);

#endif
