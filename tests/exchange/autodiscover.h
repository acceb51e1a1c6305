/*
 * autodiscover.h - what programs are told that look for a mailbox (MS-OXDSCLI)
 */
#ifndef POSTERN_TESTS_EXCHANGE_AUTODISCOVER_H
#define POSTERN_TESTS_EXCHANGE_AUTODISCOVER_H

#include <stddef.h>

struct arena;
struct exchange;

/* The answer to a question, or to NULL (there is none). */
const char *sim_autodiscover(struct exchange *exchange, struct arena *arena,
                             const char *question, size_t len);

#endif
