/*
 * asking.h - asks the SOAP door, and holds every answer to the official schema
 * where that is at hand
 */
#ifndef POSTERN_TESTS_SIMULATION_ASKING_H
#define POSTERN_TESTS_SIMULATION_ASKING_H

#include "proxy/base/arena.h"
#include "tests/exchange/soap.h"

#define TYPES "http://schemas.microsoft.com/exchange/services/2006/types"
#define MESSAGES "http://schemas.microsoft.com/exchange/services/2006/messages"

struct asking {
    struct exchange *exchange;
    struct arena *arena;
    void *schema;             /* NULL: not at hand */
};

/* The folder with the official schema and examples. */
const char *shared_folder(void);

void asking_begin(struct asking *asking, enum exchange_version version);

/* Another exchange in place of the one before. */
void asking_restart(struct asking *asking, enum exchange_version version);
void asking_end(struct asking *asking);

/* Fails the test if an answer is not what the schema allows. */
void asking_check(const struct asking *asking, const char *name,
                  const char *answer);

/* A request in this version; `header` is what else stands in its header.
 * `reply_out` (NULL: not wanted) takes over a stream that is opened. */
char *asking_ask(const struct asking *asking, const char *user,
                 const char *version, const char *header, const char *operation,
                 const struct exchange_fault_rule *fault,
                 struct soap_stream **stream_out);

/* What stands between two texts, "" if they are not there; the first
 * ResponseCode; how often a text is there. */
char *asking_between(const struct asking *asking, const char *answer,
                     const char *start, const char *end);
char *asking_code(const struct asking *asking, const char *answer);
size_t asking_times(const char *answer, const char *text);

#endif
