/*
 * transaction.h - one message on its way from MAIL to the end of its content
 */
#ifndef POSTERN_SMTP_TRANSACTION_H
#define POSTERN_SMTP_TRANSACTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proxy/base/op.h"

struct account;
struct arena;
struct smtp_content;

/* All zeros: there is none. */
struct smtp_transaction {
    struct arena *arena;
    const char *sender;      /* "" for the empty one; NULL before MAIL */
    const char **recipients; /* NULL at the end */
    size_t recipient_count;
    size_t recipient_room;
    bool is_utf8;                 /* SMTPUTF8 was asked for */
    bool delivery_receipt;        /* NOTIFY=SUCCESS was asked for */
    struct smtp_content *content; /* NULL before DATA or the first BDAT */
};

void smtp_transaction_begin(struct smtp_transaction *transaction,
                            const char *sender, bool is_utf8);

void smtp_transaction_add(struct smtp_transaction *transaction,
                          const char *recipient);

/* Makes room for the content. */
void smtp_transaction_open(struct smtp_transaction *transaction,
                           const char *directory, uint64_t limit);

/* Whether content may come: there are a sender and recipients. */
bool smtp_transaction_is_ready(const struct smtp_transaction *transaction);

/* Sends it: STATUS_OK once Exchange has accepted it. */
enum status smtp_transaction_send(struct op *op,
                                  const struct smtp_transaction *transaction,
                                  struct account *account);

/* Forgets everything. */
void smtp_transaction_reset(struct smtp_transaction *transaction);

#endif
