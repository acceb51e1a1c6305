/*
 * load.c - how much each user asks for at one time, and how much of it is too
 * much
 *
 * "EWS throttling in Exchange": calls in progress (EWSMaxConcurrency), streams
 * (HangingConnectionLimit, kept by whoever opens them), rows of all Finds
 * together (EWSFindCountLimit); and Syncs at once from 2016 on.
 */
#include "tests/exchange/load.h"

#include <stdlib.h>

#include "proxy/base/memory.h"
#include "proxy/base/str.h"
#include "tests/exchange/model.h"

struct load {
    char *user;
    unsigned now[LOAD_COUNT];
    unsigned peak[LOAD_COUNT];
    unsigned finds;
    struct load *next;
};

struct exchange_policy exchange_installed_policy(enum exchange_version version)
{
    /* clang-format off */
    static const struct exchange_policy policies[EXCHANGE_VERSION_COUNT] = {
        [EXCHANGE_2007_SP1] = { .calls = 0 },
        [EXCHANGE_2010_SP1] = { .calls = 10, .rows = 1000 },
        [EXCHANGE_2010_SP2] = { .calls = 10, .rows = 1000 },
        [EXCHANGE_2013_SP1] = { .calls = 27, .rows = 1000 },
        [EXCHANGE_2016]     = { .calls = 27, .rows = 1000, .syncs = 5, .back_off = 5000 },
        [EXCHANGE_2019]     = { .calls = 27, .rows = 1000, .syncs = 5, .back_off = 5000 },
    };
    /* clang-format on */

    return policies[version];
}

void exchange_set_policy(struct exchange *exchange,
                         const struct exchange_policy *policy)
{
    pthread_mutex_lock(&exchange->call_mutex);
    exchange->policy =
        policy == NULL ? (struct exchange_policy){ .calls = 0 } : *policy;
    pthread_mutex_unlock(&exchange->call_mutex);
}

/* --- Counting ------------------------------------------------------------ */

static struct load *load_of(struct exchange *exchange, const char *user)
{
    struct load *load = exchange->loads;

    while (load != NULL && !str_equal_nocase(load->user, user))
        load = load->next;
    if (load == NULL) {
        load = memory_new(sizeof *load);
        load->user = memory_strdup(user);
        load->next = exchange->loads;
        exchange->loads = load;
    }
    return load;
}

static void count(struct load *load, enum exchange_load what)
{
    if (++load->now[what] > load->peak[what])
        load->peak[what] = load->now[what];
}

static bool is_find(const char *operation)
{
    return str_equal(operation, "FindItem") ||
           str_equal(operation, "FindFolder");
}

static bool is_list(const char *operation)
{
    return is_find(operation) || str_starts(operation, "Sync");
}

/* What is one too many; its code, NULL: nothing. */
static const char *excess(const struct exchange *exchange,
                          const struct load *load, const char *operation)
{
    const struct exchange_policy *policy = &exchange->policy;

    if (policy->calls != 0 && load->now[LOAD_CALLS] > policy->calls)
        return "ErrorExceededConnectionCount";
    return policy->syncs != 0 && str_starts(operation, "Sync") &&
                   load->now[LOAD_LISTS] - load->finds > policy->syncs
               ? "ErrorServerBusy"
               : NULL;
}

void load_enter(struct exchange *exchange, const char *user,
                const char *operation, struct exchange_fault_rule *fault_out)
{
    struct load *load;
    const char *code;

    *fault_out = (struct exchange_fault_rule){ .fault = FAULT_NONE };
    pthread_mutex_lock(&exchange->call_mutex);
    load = load_of(exchange, user);
    count(load, LOAD_CALLS);
    if (is_list(operation))
        count(load, LOAD_LISTS);
    load->finds += is_find(operation);
    code = excess(exchange, load, operation);
    if (code != NULL)
        *fault_out = (struct exchange_fault_rule){
            .fault = FAULT_SERVER_BUSY,
            .parameter = exchange->policy.back_off,
            .code = code
        };
    pthread_mutex_unlock(&exchange->call_mutex);
}

void load_leave(struct exchange *exchange, const char *user,
                const char *operation)
{
    struct load *load;

    pthread_mutex_lock(&exchange->call_mutex);
    load = load_of(exchange, user);
    load->now[LOAD_CALLS]--;
    load->now[LOAD_LISTS] -= is_list(operation);
    load->finds -= is_find(operation);
    pthread_mutex_unlock(&exchange->call_mutex);
}

void load_stream(struct exchange *exchange, const char *user, bool begins)
{
    struct load *load;

    pthread_mutex_lock(&exchange->call_mutex);
    load = load_of(exchange, user);
    if (begins)
        count(load, LOAD_STREAMS);
    else
        load->now[LOAD_STREAMS]--;
    pthread_mutex_unlock(&exchange->call_mutex);
}

size_t load_rows(struct exchange *exchange, const char *user, size_t otherwise)
{
    unsigned finds;
    size_t rows;

    pthread_mutex_lock(&exchange->call_mutex);
    finds = load_of(exchange, user)->finds;
    rows = exchange->policy.rows / (finds == 0 ? 1 : finds);
    pthread_mutex_unlock(&exchange->call_mutex);
    return rows == 0 || rows > otherwise ? otherwise : rows;
}

unsigned exchange_load_peak(struct exchange *exchange, const char *user,
                            enum exchange_load what)
{
    unsigned peak = 0;

    pthread_mutex_lock(&exchange->call_mutex);
    for (struct load *at = exchange->loads; at != NULL; at = at->next)
        if ((user == NULL || str_equal_nocase(at->user, user)) &&
            at->peak[what] > peak)
            peak = at->peak[what];
    pthread_mutex_unlock(&exchange->call_mutex);
    return peak;
}

/* --- Anchors ------------------------------------------------------------- */

void load_anchor(struct exchange *exchange, const char *operation,
                 const char *anchor)
{
    pthread_mutex_lock(&exchange->call_mutex);
    buf_printf(&exchange->anchors, "%s %s\n", operation,
               *anchor == '\0' ? "-" : anchor);
    pthread_mutex_unlock(&exchange->call_mutex);
}

char *exchange_anchors(struct exchange *exchange)
{
    char *text;

    pthread_mutex_lock(&exchange->call_mutex);
    text = memory_strdup(exchange->anchors.len == 0 ? ""
                                                    : exchange->anchors.data);
    pthread_mutex_unlock(&exchange->call_mutex);
    return text;
}

unsigned exchange_passed_on(struct exchange *exchange)
{
    unsigned count;

    pthread_mutex_lock(&exchange->call_mutex);
    count = exchange->passed_on;
    pthread_mutex_unlock(&exchange->call_mutex);
    return count;
}

/* --- Forgetting ---------------------------------------------------------- */

void load_reset(struct exchange *exchange)
{
    exchange->passed_on = 0;
    buf_clear(&exchange->anchors);
    for (struct load *at = exchange->loads; at != NULL; at = at->next)
        for (size_t i = 0; i < LOAD_COUNT; i++)
            at->peak[i] = at->now[i];
}

void load_free(struct exchange *exchange)
{
    buf_fini(&exchange->anchors);
    while (exchange->loads != NULL) {
        struct load *load = exchange->loads;

        exchange->loads = load->next;
        free(load->user);
        free(load);
    }
}
