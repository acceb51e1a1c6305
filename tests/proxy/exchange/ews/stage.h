/*
 * stage.h - a simulated Exchange with a few people in its directory, and one of
 * them at his mailbox
 */
#ifndef POSTERN_TESTS_EWS_STAGE_H
#define POSTERN_TESTS_EWS_STAGE_H

#include "proxy/exchange/ews/ews.h"
#include "tests/exchange/exchange.h"
#include "tests/proxy/exchange/ews/mailbox.h"

#define STAGE_USER "ann@example.com"
#define STAGE_PICTURE "\x89PNG\r\n\x1a\n and so on"

struct stage {
    struct exchange *exchange;
    struct mailbox mailbox;
    struct op *op;
    struct remote *remote;
};

void stage_begin(struct stage *stage, enum exchange_version version);
void stage_end(struct stage *stage);

/* Who is in the group "team@example.com"; NULL at the end.  That nobody is in
 * "empty@example.com" is told, who is in "secret@example.com" is not. */
extern const char *const stage_team[4];

/* Expects him to be who he is; what Exchange 2007 does not tell is `all`. */
void stage_expect_ann(const struct person *ann, bool all);

#endif
