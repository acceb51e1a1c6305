/*
 * door.h - the LDAP door over real sockets, and clients at it
 *
 * Behind it is a simulated Exchange with ANN, whose password is "secret", and
 * a directory with SMITHS people called Smith.  What is said and heard is
 * written as in notation.h.
 */
#ifndef POSTERN_TESTS_LDAP_DOOR_H
#define POSTERN_TESTS_LDAP_DOOR_H

#include <stdbool.h>
#include <stddef.h>

#include "tests/exchange/exchange.h"

#define ANN "ann@example.com"
#define SMITHS 5

struct door;

/* `settings` are pairs of key and value, the last followed by NULL; or NULL.
 * With `tls` there is a certificate. */
struct door *door_open(bool tls, const char *const settings[]);
void door_close(struct door **door);
struct exchange *door_exchange(struct door *door);

/* Tells the gateway to stop. */
void door_stop(struct door *door);

struct visitor;
struct visitor *visitor_new(struct door *door);
void visitor_free(struct visitor **visitor);

/* One who has logged in as ANN, with the id 100. */
struct visitor *visitor_ann(struct door *door);

void visitor_say(struct visitor *visitor, const char *notation);

/* The next whole message, which lives as long as the visitor; "closed" at the
 * end, and "silence" when nothing comes for `patience` milliseconds. */
const char *visitor_hear_soon(struct visitor *visitor, unsigned patience);
const char *visitor_hear(struct visitor *visitor);

/* The next ones that are no entries, and how many entries came before. */
const char *visitor_hear_end(struct visitor *visitor, size_t *entries_out);

/* Says something and expects the answer. */
void visitor_expect(struct visitor *visitor, const char *name, const char *said,
                    const char *heard);

/* Shakes hands; whether that went well. */
bool visitor_start_tls(struct visitor *visitor);

/* What clients say. */
#define SEARCH_SMITH(ID)                                                       \
    "30{02:" ID " 63{04'ou=people' 0a:2 0a:0 02:0 02:0 01:0 "                  \
    "a4{04'cn' 30{80'smith'}} 30{04'mail'}}}"
#define SEARCH_ROOT(ID)                                                        \
    "30{02:" ID " 63{04'' 0a:0 0a:0 02:0 02:0 01:0 87'objectClass' 30{}}}"
#define BIND_ANN(ID) "30{02:" ID " 60{02:3 04'" ANN "' 80'secret'}}"
#define BOUND(ID) "30{02:" ID " 61{0a:0 04'' 04''}}"
#define DONE(ID) "30{02:" ID " 65{0a:0 04'' 04''}}"
#define ABANDON(ID, TARGET) "30{02:" ID " 50:" TARGET "}"
#define CANCEL(ID, TARGET)                                                     \
    "30{02:" ID " 77{80'1.3.6.1.1.8' 81{30{02:" TARGET "}}}}"
#define UNBIND(ID) "30{02:" ID " 42''}"
#define START_TLS(ID) "30{02:" ID " 77{80'1.3.6.1.4.1.1466.20037'}}"
#define WHO_AM_I(ID) "30{02:" ID " 77{80'1.3.6.1.4.1.4203.1.11.3'}}"

/* Whether a message has a result code. */
bool door_says(const char *message, int id, int code);

#endif
