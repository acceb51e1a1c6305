/*
 * session.h - one client's conversation, as the command handlers see it
 *
 * Nothing here knows sockets: the glue in imap.c tells the session what its
 * connection is like and does what it asks for, and a test does the same with a
 * buffer.
 */
#ifndef POSTERN_IMAP_SESSION_H
#define POSTERN_IMAP_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "imap/frame.h"
#include "imap/reply.h"
#include "proxy/base/op.h"
#include "proxy/base/status.h"

struct account;
struct arena;
struct changes_listener;
struct gateway;
struct imap_command;
struct imap_folder;
struct imap_notify;

enum imap_state {
    IMAP_NOT_AUTHENTICATED = 1 << 0,
    IMAP_AUTHENTICATED = 1 << 1,
    IMAP_SELECTED = 1 << 2,
    IMAP_LOGOUT = 1 << 3,
};
#define IMAP_ANY_STATE 0xfu

/* What the client has switched on, by ENABLE or by using it. */
enum imap_extension {
    IMAP_CONDSTORE = 1 << 0, /* RFC 7162: tell MODSEQ */
    IMAP_QRESYNC = 1 << 1,   /* RFC 7162: tell VANISHED; has CONDSTORE in it */
    IMAP_UTF8 = 1 << 2,      /* RFC 6855: names and strings in UTF-8 */
    IMAP_REV2 = 1 << 3,      /* RFC 9051 */
    IMAP_UIDONLY = 1 << 4,   /* RFC 9586: no message numbers at all */
};

/* A command that goes on with lines from the client (AUTHENTICATE, IDLE).
 * `line` has no line end.  While it answers IMAP_NOTHING it gets the next line,
 * too. */
typedef struct imap_answer imap_dialog(struct imap_command *command,
                                       const char *line, size_t len);

struct imap_session {
    const struct gateway *gateway;
    struct imap_out out;
    enum imap_state state;
    unsigned enabled;           /* of enum imap_extension */
    struct account *account;    /* NULL before the login; referenced */
    struct imap_folder *folder; /* NULL unless selected */

    /* What the connection is like; the glue keeps it true. */
    bool private_link; /* a password may travel */
    bool can_start_tls;
    bool compressed;

    /* What the glue does once the reply is out. */
    bool start_tls;
    bool start_compression;
    bool close;

    /* The dialogue that goes on, and the tag and name it was begun with. */
    imap_dialog *dialog;
    char *dialog_tag;
    const struct imap_command_kind *dialog_kind;
    char *dialog_text; /* what it has to remember; on the heap */
    enum status dialog_status;
    bool idling;       /* it is IDLE */

    /* What NOTIFY asks for; NULL before the first one.  Owned. */
    struct imap_notify *notify;

    /* IDLE and NOTIFY: who tells about news, of which folder (0: of all), and
     * how the session is woken by it. */
    struct changes_listener *listener;
    int64_t listened;
    bool news_waiting; /* they came in the middle of a command */
    void (*wake)(void *context);
    void *wake_context;
};

/* `write` is where output goes, as in struct imap_out. */
void imap_session_init(
    struct imap_session *session, const struct gateway *gateway,
    bool (*write)(void *context, const char *data, size_t len), void *context);
void imap_session_fini(struct imap_session *session);

/* Runs a command, or a dialogue's line, and answers it. */
void imap_session_run(struct imap_session *session, struct op *op,
                      const struct imap_request *request);

/* Tells a client what is new that idles or has said NOTIFY. */
void imap_session_news(struct imap_session *session, struct op *op);

/* Listens to what the client has asked for by now: after every change of that
 * and of the selected folder. */
void imap_session_listen(struct imap_session *session);

/* Leaves the selected folder, if any. */
void imap_session_unselect(struct imap_session *session);

/* The handler wants the client's next lines: it returns IMAP_NOTHING after
 * this, and so does the dialogue until it ends. */
void imap_session_begin_dialog(struct imap_command *command,
                               imap_dialog *dialog);

/* Notes what the client has switched on (of enum imap_extension, or'ed).  The
 * first time that this brings CONDSTORE the client is told where the selected
 * folder stands (RFC 7162, 3.1). */
void imap_session_enable(struct imap_session *session, unsigned extensions);

/* How large a message this client may append; 0 before the login. */
uint64_t imap_message_limit(const struct imap_session *session);

/* "CAPABILITY IMAP4rev1 ...": what is on offer at present (capabilities.c). */
const char *imap_capabilities(const struct imap_session *session,
                              struct arena *arena);

#endif
