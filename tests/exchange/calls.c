/*
 * calls.c - counting calls, and making some of them go wrong
 */
#include "tests/exchange/soap.h"

#include <limits.h>
#include <stdlib.h>
#include <time.h>

#include "proxy/base/memory.h"
#include "proxy/base/str.h"
#include "tests/exchange/load.h"
#include "tests/exchange/model.h"

enum fault_place fault_place(enum exchange_fault fault)
{
    switch (fault) {
    case FAULT_NONE:
        return FAULT_PLACE_NOWHERE;
    case FAULT_SERVER_BUSY:
    case FAULT_SERVER_BUSY_INNER:
    case FAULT_ITEM_TRANSIENT:
    case FAULT_ITEM_CORRUPT:
    case FAULT_BATCH_STOPPED:
    case FAULT_RESPONSE_CODE:
        return FAULT_PLACE_OPERATION;
    case FAULT_RESET_AFTER:
    case FAULT_TRUNCATED:
    case FAULT_MALFORMED:
    case FAULT_SLOW:
        return FAULT_PLACE_AFTER;
    default:
        return FAULT_PLACE_BEFORE;
    }
}

void exchange_set_fault(struct exchange *exchange,
                        const struct exchange_fault_rule *rule)
{
    struct rule *added;

    pthread_mutex_lock(&exchange->call_mutex);
    exchange->rules = memory_resize(
        exchange->rules, (exchange->rule_count + 1) * sizeof *exchange->rules);
    added = &exchange->rules[exchange->rule_count++];
    added->rule = *rule;
    added->operation = memory_strdup(rule->operation);
    added->code = memory_strdup(rule->code);
    pthread_mutex_unlock(&exchange->call_mutex);
}

void exchange_clear_faults(struct exchange *exchange)
{
    pthread_mutex_lock(&exchange->call_mutex);
    /* Calls in progress may hold a rule's code: the texts stay until the end.
     */
    for (size_t i = 0; i < exchange->rule_count; i++)
        exchange->rules[i].rule.skip = exchange->rules[i].rule.times = 0;
    pthread_mutex_unlock(&exchange->call_mutex);
}

void exchange_set_latency(struct exchange *exchange, unsigned milliseconds)
{
    pthread_mutex_lock(&exchange->call_mutex);
    exchange->latency = milliseconds;
    pthread_mutex_unlock(&exchange->call_mutex);
}

void exchange_interject(struct exchange *exchange, const char *operation,
                        void (*run)(void *context), void *context)
{
    pthread_mutex_lock(&exchange->call_mutex);
    exchange->interjection =
        (struct interjection){ operation, run, context };
    pthread_mutex_unlock(&exchange->call_mutex);
}

/* What is to be done before this call, taken out; `run` NULL: nothing. */
static struct interjection take_interjection(struct exchange *exchange,
                                             const char *operation)
{
    struct interjection taken = { 0 };

    if (exchange->interjection.run != NULL &&
        str_equal(exchange->interjection.operation, operation)) {
        taken = exchange->interjection;
        exchange->interjection.run = NULL;
    }
    return taken;
}

/* Each rule counts the calls that it lets pass by itself. */
static bool take_fault(struct exchange *exchange, const char *operation,
                       struct exchange_fault_rule *fault_out)
{
    for (size_t i = 0; i < exchange->rule_count; i++) {
        struct rule *entry = &exchange->rules[i];

        if (entry->operation != NULL && !str_equal(entry->operation, operation))
            continue;
        if (entry->rule.skip > 0) {
            entry->rule.skip--;
            continue;
        }
        if (entry->rule.times == 0)
            continue;
        if (entry->rule.times != UINT_MAX)
            entry->rule.times--;
        *fault_out = entry->rule;
        fault_out->operation = NULL;
        fault_out->code = entry->code;
        return true;
    }
    return false;
}

bool exchange_take_fault(struct exchange *exchange, const char *operation,
                         struct exchange_fault_rule *fault_out)
{
    bool taken;

    *fault_out = (struct exchange_fault_rule){ .fault = FAULT_NONE };
    pthread_mutex_lock(&exchange->call_mutex);
    taken = take_fault(exchange, operation, fault_out);
    pthread_mutex_unlock(&exchange->call_mutex);
    return taken;
}

static struct counter *counter_of(struct exchange *exchange,
                                  const char *operation)
{
    for (size_t i = 0; i < exchange->counter_count; i++)
        if (str_equal(exchange->counters[i].operation, operation))
            return &exchange->counters[i];
    return NULL;
}

static void count_call(struct exchange *exchange, const char *operation)
{
    struct counter *counter = counter_of(exchange, operation);

    if (counter == NULL) {
        exchange->counters =
            memory_resize(exchange->counters, (exchange->counter_count + 1) *
                                                  sizeof *exchange->counters);
        counter = &exchange->counters[exchange->counter_count++];
        *counter = (struct counter){ memory_strdup(operation), 0 };
    }
    counter->calls++;
}

void exchange_pause(unsigned milliseconds)
{
    struct timespec rest = { milliseconds / 1000,
                             (milliseconds % 1000) * 1000000L };

    while (nanosleep(&rest, &rest) != 0)
        ;
}

void exchange_call_begin(struct exchange *exchange, const char *operation,
                         struct exchange_fault_rule *fault_out)
{
    bool real = !str_equal(operation, "HTTP");
    unsigned latency;

    *fault_out = (struct exchange_fault_rule){ .fault = FAULT_NONE };
    pthread_mutex_lock(&exchange->call_mutex);
    count_call(exchange, operation);
    if (++exchange->in_progress > exchange->peak)
        exchange->peak = exchange->in_progress;
    if (real)
        take_fault(exchange, operation, fault_out);
    latency = real ? exchange->latency : 0;
    struct interjection between = take_interjection(exchange, operation);
    pthread_mutex_unlock(&exchange->call_mutex);
    if (between.run != NULL)
        between.run(between.context);
    if (latency > 0)
        exchange_pause(latency);
}

void exchange_call_end(struct exchange *exchange)
{
    pthread_mutex_lock(&exchange->call_mutex);
    exchange->in_progress--;
    pthread_mutex_unlock(&exchange->call_mutex);
}

unsigned exchange_calls(struct exchange *exchange, const char *operation)
{
    unsigned calls = 0;

    pthread_mutex_lock(&exchange->call_mutex);
    for (size_t i = 0; i < exchange->counter_count; i++)
        if (operation == NULL ||
            str_equal(exchange->counters[i].operation, operation))
            calls += exchange->counters[i].calls;
    pthread_mutex_unlock(&exchange->call_mutex);
    return calls;
}

void exchange_reset_calls(struct exchange *exchange)
{
    pthread_mutex_lock(&exchange->call_mutex);
    for (size_t i = 0; i < exchange->counter_count; i++)
        free(exchange->counters[i].operation);
    exchange->counter_count = 0;
    exchange->peak = exchange->in_progress;
    load_reset(exchange);
    pthread_mutex_unlock(&exchange->call_mutex);
}

unsigned exchange_peak(struct exchange *exchange)
{
    unsigned peak;

    pthread_mutex_lock(&exchange->call_mutex);
    peak = exchange->peak;
    pthread_mutex_unlock(&exchange->call_mutex);
    return peak;
}
