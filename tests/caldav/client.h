/*
 * client.h - a DAV client for unit tests: no loop, no socket
 *
 * What it says goes through the framer into a session over a simulated
 * Exchange, and what the session answers is what it hears.
 */
#ifndef POSTERN_TESTS_CALDAV_CLIENT_H
#define POSTERN_TESTS_CALDAV_CLIENT_H

#include <stdbool.h>
#include <stddef.h>

#include "tests/exchange/exchange.h"

/* "ann@example.com" with the password "secret". */
#define ANN "ann@example.com"
#define BOB "bob@example.com"
#define AS_ANN "Authorization: Basic YW5uQGV4YW1wbGUuY29tOnNlY3JldA==\r\n"
#define HOME "/users/" ANN "/"

/* An Exchange with ANN and BOB, and a gateway to it: of 2016, or another. */
struct dav_world;
struct dav_world *dav_world_new(void);
struct dav_world *dav_world_of(enum exchange_version version);

/* Another gateway to the same Exchange, which outlives it. */
struct dav_world *dav_world_beside(const struct dav_world *world);
void dav_world_free(struct dav_world **world);
struct exchange *dav_world_exchange(struct dav_world *world);

/* Changes a setting: "caldav.result_limit", "2". */
void dav_world_set(struct dav_world *world, const char *key, const char *value);

/* Makes a calendar below ANN's own, as Outlook does. */
void dav_world_add_below(struct dav_world *world, const char *name);

/* The next connections are ones that others can listen to. */
void dav_world_be_open(struct dav_world *world);

/* An answer; it lives as long as the world. */
struct dav_answer {
    int code;
    const char *header; /* with the line of the status */
    const char *body;   /* whole, NUL-terminated */
    size_t len;
    bool torn; /* a streaming body had no end */
    bool closed;
};

/* Sends one request on a connection of its own. */
struct dav_answer dav_raw(struct dav_world *world, const char *request);

/* The same of ANN's: "Depth: 1\r\n" are more header fields, NULL or "" for
 * none. */
struct dav_answer dav_do(struct dav_world *world, const char *method,
                         const char *target, const char *fields,
                         const char *body);

/* Several requests in one piece on one connection; what all answers say. */
const char *dav_pipeline(struct dav_world *world, const char *requests);

/* The value of a header field of an answer; NULL if there is none. */
const char *dav_answer_field(struct dav_world *world,
                             const struct dav_answer *answer, const char *name);

/* A request of ANN's and what is expected of the answer. */
struct dav_step {
    const char *name;
    const char *method;
    const char *target;
    const char *fields; /* NULL: none */
    const char *body;   /* NULL: none */
    int code;
    const char *has[3]; /* texts in the body or a header field; NULL: none */
    const char *lacks;  /* a text that is in neither; NULL */
};

/* Takes one after the other in the same world. */
void dav_play(struct dav_world *world, const struct dav_step *steps,
              size_t count);
#define DAV_PLAY(WORLD, STEPS)                                                 \
    dav_play(WORLD, STEPS, sizeof STEPS / sizeof *STEPS)

bool dav_has(const struct dav_answer *answer, const char *text);

/* The namespaces that requests need, and elements in them. */
#define NS                                                                     \
    " xmlns=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\""                \
    " xmlns:A=\"urn:ietf:params:xml:ns:carddav\""                              \
    " xmlns:S=\"http://calendarserver.org/ns/\""                               \
    " xmlns:I=\"http://apple.com/ns/ical/\""
#define PROPFIND(PROPS) "<propfind" NS "><prop>" PROPS "</prop></propfind>"
#define DEPTH_0 "Depth: 0\r\n"
#define DEPTH_1 "Depth: 1\r\n"

/* How often a text is in another. */
size_t dav_count(const char *text, const char *part);

#endif
