/*
 * player.h - plays conversations to a session over an Exchange in memory
 *
 * A script has one line for each thing that happens:
 *
 *     C: text       the client sends a line
 *     C+ text       the client sends just that; \r \n \0 \t \\ are as in C
 *     S: pattern    the next line of the server fits (fnmatch)
 *     S. pattern    some line of the server fits; those before it may be any
 *     E:            the server hangs up
 *     T:            the server starts TLS
 *
 * What the client sends between two lines of the server comes in one piece.
 */
#ifndef POSTERN_TESTS_SMTP_PLAYER_H
#define POSTERN_TESTS_SMTP_PLAYER_H

#include <stdbool.h>
#include <stddef.h>

#include "proxy/base/buf.h"
#include "proxy/protocol.h"
#include "smtp/session.h"

#define ME "me@own.example"
#define ANN "ann@own.example"
#define BOB "bob@own.example"

/* "secret", the password of all of them, as AUTH PLAIN of ME. */
#define LOGIN "C: AUTH PLAIN AG1lQG93bi5leGFtcGxlAHNlY3JldA==\nS: 235 2.7.0 *\n"
#define HELLO "C: EHLO test\nS. 250 *\n" LOGIN
#define ENVELOPE                                                               \
    "C: MAIL FROM:<" ME ">\nS: 250 2.1.0 *\n"                                  \
    "C: RCPT TO:<" ANN ">\nS: 250 2.1.5 *\n"

struct exchange;
struct settings;

struct player {
    struct exchange *exchange;
    struct settings *settings;
    struct gateway gateway;
    struct smtp_session session;
    struct buf input; /* sent by the client, not yet taken */
    struct buf output;
    size_t read; /* of the output, by the script */
    bool closed;
    bool tls_started;
};

void player_start(struct player *player);
void player_stop(struct player *player);

/* Changes a setting before the first script. */
void player_set(struct player *player, const char *key, const char *value);

/* Expectations fail with `name`. */
void player_play(struct player *player, const char *name, const char *script);

/* Sends octets in pieces of `step`. */
void player_send(struct player *player, const char *data, size_t len,
                 size_t step);

/* The messages in a user's inbox; the text of the nth. */
size_t player_received(struct player *player, const char *user);
char *player_message(struct player *player, const char *user, size_t nth,
                     size_t *len_out);

struct dialogue {
    const char *name;
    const char *script;
    size_t received; /* messages in ANN's inbox at the end */
};

/* Plays each of a table from a new beginning. */
void player_play_table(const struct dialogue *table, size_t count);

#endif
