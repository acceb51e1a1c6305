/*
 * demo.c - the gateway on a demo Exchange, to try it out
 *
 * The simulated Exchange runs in threads of this process and is spoken to as a
 * real one would be: over HTTPS, with a login.  What it is told is gone in the
 * end.
 */
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "proxy/base/log.h"
#include "proxy/options.h"
#include "proxy/run.h"
#include "tests/exchange/exchange.h"

static const struct guide demo_guide = {
    .greeting =
        "Postern is running on a demo Exchange.  There are demo@, anna@ and\n"
        "bert@postern.example, who can write to each other.",
    .user = "demo@postern.example",
    .password = "demo (everybody's)",
};

static int remove_entry(const char *path, const struct stat *status, int kind,
                        struct FTW *place)
{
    (void)status, (void)kind, (void)place;
    return remove(path);
}

int run_demo(struct options *options, const struct parts *parts)
{
    struct exchange *exchange = exchange_new(EXCHANGE_2019);
    char store[] = "/tmp/postern-demo-XXXXXX";
    bool ours = !options_sets(options, "store.path");
    int code = EXIT_TROUBLE;

    exchange_add_demo(exchange);
    if (ours && mkdtemp(store) == NULL) {
        log_error("postern", "%s cannot be made", store);
    } else if (exchange_serve(exchange, 0, true,
                              EXCHANGE_BASIC | EXCHANGE_NTLM) == 0) {
        log_error("postern", "the demo Exchange finds no port");
    } else {
        options_override(options, "exchange.url", exchange_url(exchange));
        options_override(options, "exchange.ca", exchange_ca_file(exchange));
        if (ours)
            options_override(options, "store.path", store);
        code = run_gateway(options, parts, &demo_guide);
    }

    exchange_stop(exchange);
    exchange_free(&exchange);
    if (ours)
        nftw(store, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
    return code;
}
