/*
 * services.h - an account on an Exchange in memory, for the tests of the
 * services
 */
#ifndef POSTERN_TESTS_SERVICES_H
#define POSTERN_TESTS_SERVICES_H

#include <stdint.h>

#include "config/settings.h"
#include "proxy/base/op.h"
#include "proxy/exchange/account.h"
#include "proxy/exchange/changes.h"
#include "proxy/exchange/folder.h"
#include "proxy/exchange/mail.h"
#include "tests/exchange/exchange.h"

#define ANN "ann@example.com"
#define BOB "bob@example.com"
#define PASSWORD "sesame"

struct services {
    struct exchange *exchange;
    struct settings *settings;
    struct accounts *accounts;
    struct account *account; /* Ann's, logged in */
    struct arena *arena;
    struct op op;
    char directory[64]; /* of the state; "" in RAM */
};

/* Ann and Bob on a server of that version, Ann logged in, the state in RAM. */
struct services services_open(enum exchange_version version);

/* The same with its state in a directory of its own. */
struct services services_open_on_disk(enum exchange_version version);
void services_close(struct services *services);

/* Ends the gateway and starts another one on the same state. */
void services_restart(struct services *services);

enum status services_login(struct services *services, const char *user,
                           const char *password, struct account **account_out);

/* The number of the folder of that path ("INBOX", "A/B"); 0 if there is none.
 */
int64_t services_folder(struct services *services, const char *path);

/* A new view, asked for; NULL with a failed assertion when that is refused. */
struct mail_view *services_refresh(struct services *services, int64_t folder);

/* "1:3 5" of the view's UIDs. */
char *services_uids(struct services *services, int64_t folder);

/* A message with that subject, whose Message-ID is <subject@example.com>. */
char *services_mime(struct services *services, const char *subject);
void services_deliver(struct services *services, const char *folder,
                      const char *subject);
enum status services_append(struct services *services, int64_t folder,
                            const char *mime, uint32_t flags,
                            uint32_t *uid_out);

void services_fault(struct services *services, const char *operation,
                    enum exchange_fault fault, unsigned times);

#endif
