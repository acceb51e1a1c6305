/*
 * load.h - how much each user asks for at one time, and how much of it is too
 * much
 */
#ifndef POSTERN_TESTS_EXCHANGE_LOAD_H
#define POSTERN_TESTS_EXCHANGE_LOAD_H

#include <stddef.h>

#include "tests/exchange/exchange.h"

struct load;

/* A call of a user comes and goes; `fault_out` is FAULT_NONE, or the refusal
 * that the policy has for it. */
void load_enter(struct exchange *exchange, const char *user,
                const char *operation, struct exchange_fault_rule *fault_out);
void load_leave(struct exchange *exchange, const char *user,
                const char *operation);

/* A stream begins and ends. */
void load_stream(struct exchange *exchange, const char *user, bool begins);

/* The most rows that a Find may give now. */
size_t load_rows(struct exchange *exchange, const char *user, size_t otherwise);

/* Forgets the peaks; forgets all. */
void load_reset(struct exchange *exchange);
void load_free(struct exchange *exchange);

/* Notes the mailbox that a call was anchored on ("": none). */
void load_anchor(struct exchange *exchange, const char *operation,
                 const char *anchor);

#endif
