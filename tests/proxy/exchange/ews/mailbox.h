/*
 * mailbox.h - a mailbox opened through the EWS backend, for tests
 */
#ifndef POSTERN_TESTS_EWS_MAILBOX_H
#define POSTERN_TESTS_EWS_MAILBOX_H

#include "config/settings.h"
#include "proxy/base/arena.h"
#include "proxy/base/op.h"
#include "proxy/base/secret.h"
#include "proxy/base/spool.h"
#include "proxy/exchange/backend.h"
#include "tests/proxy/exchange/ews/server.h"

struct mailbox {
    struct arena *arena;
    struct op op;
    struct settings *settings;
    struct secret *password;
    struct remote *remote;
    struct remote_account about;
};

/* Settings for this address, with little patience and short time-outs. */
void mailbox_init(struct mailbox *mailbox, const char *url);
void mailbox_set(struct mailbox *mailbox, const char *key, const char *value);
void mailbox_fini(struct mailbox *mailbox);

/* Opens it as ann@example.com with the password "secret", or as told. */
enum status mailbox_open(struct mailbox *mailbox);
enum status mailbox_open_as(struct mailbox *mailbox, const char *user,
                            const char *password);

/* A spool with this text. */
struct spool *mailbox_spool(const char *text, size_t len);

/* All of a spool, with a NUL, in the arena. */
char *mailbox_text(struct arena *arena, const struct spool *spool,
                   size_t *len_out);

/*
 * An Exchange of a few fixed answers, to any number of ids.  A test may set
 * `special`, which answers first and returns false for what is left to the
 * others.
 */
struct responder {
    const char *build; /* "MajorVersion=\"15\" ..." */
    bool (*special)(struct responder *responder,
                    const struct server_request *request, const char *operation,
                    struct server_reply *reply);
    void *context;
    size_t calls; /* of the test's own use */
};

void responder_answer(void *context, const struct server_request *request,
                      struct server_reply *reply);

/* The operation of a request: the first element of its Body. */
void responder_operation(const char *body, char operation_out[64]);

/* How often a text occurs. */
size_t responder_count(const char *text, const char *part);

#define BUILD_2007                                                             \
    "MajorVersion=\"8\" MinorVersion=\"3\" MajorBuildNumber=\"83\""
#define BUILD_2010                                                             \
    "MajorVersion=\"14\" MinorVersion=\"0\" MajorBuildNumber=\"639\""
#define BUILD_2010_SP1                                                         \
    "MajorVersion=\"14\" MinorVersion=\"1\" MajorBuildNumber=\"218\""
#define BUILD_2010_SP3                                                         \
    "MajorVersion=\"14\" MinorVersion=\"3\" MajorBuildNumber=\"123\""
#define BUILD_2013                                                             \
    "MajorVersion=\"15\" MinorVersion=\"0\" MajorBuildNumber=\"516\""
#define BUILD_2013_SP1                                                         \
    "MajorVersion=\"15\" MinorVersion=\"0\" MajorBuildNumber=\"847\""
#define BUILD_2016                                                             \
    "MajorVersion=\"15\" MinorVersion=\"1\" MajorBuildNumber=\"2507\""
#define BUILD_2019                                                             \
    "MajorVersion=\"15\" MinorVersion=\"2\" MajorBuildNumber=\"1118\""

#endif
