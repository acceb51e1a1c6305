/*
 * session.h - one client's conversation, as the commands see it
 *
 * Nothing here knows sockets: the glue in smtp.c tells the session what its
 * connection is like and does what its replies ask for, and a test does the
 * same with a buffer.
 */
#ifndef POSTERN_SMTP_SESSION_H
#define POSTERN_SMTP_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proxy/base/op.h"
#include "proxy/base/status.h"
#include "smtp/frame.h"
#include "smtp/reply.h"
#include "smtp/transaction.h"

struct account;
struct gateway;
struct sasl_mechanism;
struct smtp_content;

/* What the next line of an AUTH dialogue is. */
enum smtp_login_step {
    SMTP_LOGIN_NONE,
    SMTP_LOGIN_PLAIN,
    SMTP_LOGIN_USER,
    SMTP_LOGIN_PASSWORD,
    SMTP_LOGIN_TOKEN,
    SMTP_LOGIN_REFUSED /* whatever the client says to why its token was */
};

struct smtp_session {
    const struct gateway *gateway;
    struct smtp_frame frame;

    /* What the connection is like; the glue keeps it true. */
    bool private_link; /* a password may travel */
    bool can_start_tls;

    bool has_said_hello;
    struct account *account; /* NULL before the login; referenced */
    enum smtp_login_step login_step;
    char *login_user;
    const struct sasl_mechanism *login_mechanism; /* of a token */
    enum status login_status;                     /* why it was refused */
    struct smtp_transaction transaction;

    /* The request that is whole, while found is not SMTP_FOUND_NOTHING. */
    enum smtp_frame_found found;
    char *line; /* without its end, NUL-terminated */
    size_t line_len;
};

void smtp_session_init(struct smtp_session *session,
                       const struct gateway *gateway);
void smtp_session_fini(struct smtp_session *session);

/* Takes from the front of `data` and returns how many octets that was.  Once
 * session->found is set, a request is whole and to be run before more is taken.
 */
size_t smtp_session_take(struct smtp_session *session, const char *data,
                         size_t len);

/* Runs the request; `reply` is made in op's arena. */
void smtp_session_run(struct smtp_session *session, struct op *op,
                      struct smtp_reply *reply);

/* Whether a message is under way, so that patience is shorter. */
bool smtp_session_is_receiving(const struct smtp_session *session);

/* The most octets of a message that are taken; 0: no limit. */
uint64_t smtp_session_message_limit(const struct smtp_session *session);

/* Where the content of the transaction goes, made at the first call; NULL while
 * no content may come. */
struct smtp_content *smtp_session_content(struct smtp_session *session);

/* What the settings let users log in with. */
bool smtp_session_takes_tokens(const struct smtp_session *session);
bool smtp_session_takes_passwords(const struct smtp_session *session);

/* How the server calls itself. */
void smtp_session_host(char *out, size_t size);

/* Forgets what the client has said before its hello (RFC 3207, 4.2). */
void smtp_session_forget(struct smtp_session *session);

#endif
