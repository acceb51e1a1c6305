/*
 * scene.h - a mailbox on an Exchange that says what a test lets it say, and
 * remembers what it was asked
 */
#ifndef POSTERN_TESTS_EWS_SCENE_H
#define POSTERN_TESTS_EWS_SCENE_H

#include "tests/proxy/exchange/ews/mailbox.h"

#define SCENE_CALLS 64

/* What is said to the next call of an operation: response messages, or what
 * stands within one that succeeds. */
struct scene_answer {
    const char *operation;
    const char *text;
    bool whole; /* all that stands in m:ResponseMessages */
    int http;   /* the status of a page without SOAP; 0: none */
    bool used;
};

struct scene {
    struct responder responder;
    struct server *server;
    struct mailbox mailbox;
    struct op *op;
    struct remote *remote;
    char *bodies[SCENE_CALLS]; /* of the calls since the login */
    size_t calls;
    struct scene_answer answers[SCENE_CALLS];
    size_t answer_count;
};

/* Logs in at a server of this build. */
void scene_begin(struct scene *scene, const char *build);
void scene_end(struct scene *scene);

/* Says this to the next call of the operation that has nothing to say yet;
 * things in lists get an answer each where `text` is not whole. */
void scene_say(struct scene *scene, const char *operation, const char *text);
void scene_say_whole(struct scene *scene, const char *operation,
                     const char *messages);
void scene_say_page(struct scene *scene, const char *operation, int status);

/* Forgets the calls so far. */
void scene_forget(struct scene *scene);

/* How many calls of an operation there were (NULL: of any). */
size_t scene_calls(struct scene *scene, const char *operation);

/* The body of the last call; "" before the first. */
const char *scene_body(struct scene *scene);

#endif
