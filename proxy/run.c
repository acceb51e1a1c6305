/*
 * run.c - the gateway from its start to its end
 *
 * A reload makes a new generation of settings.  Clients who are there keep the
 * old one, so all of them stay until the end; new clients get the newest.
 */
#include "proxy/run.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <unistd.h>

#include <uv.h>

#include "config/settings.h"
#include "proxy/base/log.h"
#include "proxy/base/memory.h"
#include "proxy/base/str.h"
#include "proxy/exchange/account.h"
#include "proxy/guide.h"
#include "proxy/job.h"
#include "proxy/manager.h"
#include "proxy/options.h"
#include "proxy/protocol.h"
#include "proxy/porter.h"
#include "proxy/tls.h"

enum { ON_TERM, ON_INT, ON_HUP, SIGNAL_COUNT };
static const int signal_numbers[SIGNAL_COUNT] = { SIGTERM, SIGINT, SIGHUP };

/* After so many milliseconds without anything to do memory is given back. */
#define QUIET_MS 5000

struct generation {
    struct settings *settings;
    struct gateway gateway;
    SLIST_ENTRY(generation) link;
};

struct run {
    const struct options *options;
    const struct parts *parts;
    SLIST_HEAD(, generation) generations; /* the newest first */
    struct accounts *accounts;
    struct porter *porter;
    uv_signal_t signals[SIGNAL_COUNT];
};

static void apply_log_level(const struct settings *settings)
{
    static const char *const names[] = { "error", "warning", "info", "debug" };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (str_equal(names[i], settings->log.level))
            log_set_level((enum log_level)i);
}

static struct generation *add_generation(struct run *run,
                                         struct settings *settings)
{
    struct generation *generation = memory_new(sizeof *generation);

    generation->settings = settings;
    generation->gateway.settings = settings;
    generation->gateway.accounts = run->accounts;
    SLIST_INSERT_HEAD(&run->generations, generation, link);
    return generation;
}

/* NULL is fine where no certificate is set; false is not. */
static bool load_certificate(const struct settings *settings,
                             struct tls_context **out)
{
    char *problem = NULL;

    *out = NULL;
    if (*settings->tls.certificate == '\0')
        return true;
    *out =
        tls_context_new(settings->tls.certificate, settings->tls.key, &problem);
    if (*out == NULL)
        log_error("postern", "tls.certificate: %s", problem);
    free(problem);
    return *out != NULL;
}

/* --- Signals --- */

static bool listens_elsewhere(const struct listener_settings *old,
                              const struct listener_settings *new)
{
    return !str_equal(old->listen, new->listen) ||
           !str_equal(old->listen_tls, new->listen_tls);
}

static void say_what_needs_a_restart(const struct settings *old,
                                     const struct settings *new)
{
    if (listens_elsewhere(&old->imap.listener, &new->imap.listener) ||
        listens_elsewhere(&old->smtp.listener, &new->smtp.listener) ||
        listens_elsewhere(&old->caldav.listener, &new->caldav.listener) ||
        listens_elsewhere(&old->ldap.listener, &new->ldap.listener) ||
        old->service.workers != new->service.workers ||
        !str_equal(old->store.path, new->store.path))
        log_warning("postern",
                    "listen, listen_tls, store.path and service.workers change"
                    " with a restart only");
}

static void reload(struct run *run)
{
    struct tls_context *tls = NULL;
    char *problem = NULL;
    struct settings *settings = options_settings(run->options, &problem);

    if (settings == NULL)
        log_error("postern", "%s", problem);
    free(problem);
    if (settings == NULL || !load_certificate(settings, &tls)) {
        log_error("postern", "the settings stay as they were");
        settings_free(&settings);
        return;
    }

    say_what_needs_a_restart(SLIST_FIRST(&run->generations)->settings,
                             settings);
    struct generation *generation = add_generation(run, settings);
    apply_log_level(settings);
    accounts_reload(run->accounts, settings);
    porter_reload(run->porter, &generation->gateway, tls);
    tls_context_unref(&tls);
    log_info("postern", "reloaded");
}

static void on_signal(uv_signal_t *handle, int number)
{
    struct run *run = handle->data;

    if (number != SIGHUP) {
        manager_tell("STOPPING=1");
        porter_stop(run->porter);
        return;
    }
    manager_tell("RELOADING=1");
    reload(run);
    manager_tell("READY=1");
}

static void watch_signals(struct run *run)
{
    for (size_t i = 0; i < SIGNAL_COUNT; i++) {
        uv_signal_init(porter_loop(run->porter), &run->signals[i]);
        run->signals[i].data = run;
        uv_signal_start(&run->signals[i], on_signal, signal_numbers[i]);
    }
}

/* --- Life --- */

static void rest(void *subject)
{
    struct run *run = subject;

    accounts_rest(run->accounts);
}

static bool open_doors(struct run *run, const struct gateway *gateway,
                       struct tls_context *tls)
{
    char *problem = NULL;
    bool good = true;

    run->porter = porter_new(gateway->settings);
    watch_signals(run); /* before anybody can know that we are there */
    for (size_t i = 0; good && run->parts->doors[i] != NULL; i++)
        good = porter_open_door(run->porter, run->parts->doors[i], gateway, tls,
                                &problem);
    if (!good)
        log_error("postern", "%s", problem);
    free(problem);
    return good;
}

static int serve(struct run *run, const struct guide *guide)
{
    struct generation *first = SLIST_FIRST(&run->generations);
    struct tls_context *tls;

    if (!load_certificate(first->settings, &tls))
        return EXIT_SETTINGS;
    run->accounts = accounts_new(first->settings, run->parts->backend);
    first->gateway.accounts = run->accounts;

    bool good = run->accounts != NULL && open_doors(run, &first->gateway, tls);
    tls_context_unref(&tls);
    if (!good)
        return EXIT_TROUBLE;

    if (guide != NULL)
        guide_print(stdout, guide, run->porter);
    porter_when_quiet(run->porter, QUIET_MS, rest, run);
    manager_tell("READY=1");
    porter_run(run->porter);
    log_info("postern", "stopped");
    return EXIT_GOOD;
}

static void end(struct run *run)
{
    struct generation *generation;

    /* The loop closes them when the porter is freed. */
    for (size_t i = 0; i < SIGNAL_COUNT && run->signals[i].data != NULL; i++)
        uv_close((uv_handle_t *)&run->signals[i], NULL);
    porter_free(&run->porter);
    accounts_free(&run->accounts);
    while ((generation = SLIST_FIRST(&run->generations)) != NULL) {
        SLIST_REMOVE_HEAD(&run->generations, link);
        settings_free(&generation->settings);
        free(generation);
    }
}

int run_gateway(const struct options *options, const struct parts *parts,
                const struct guide *guide)
{
    struct run run = { .options = options, .parts = parts };
    char *problem = NULL;
    struct settings *settings = options_settings(options, &problem);

    if (settings == NULL) {
        fprintf(stderr, "postern: %s\n", problem);
        free(problem);
        return EXIT_SETTINGS;
    }
    apply_log_level(settings);
    job_set_workers(settings->service.workers);
    add_generation(&run, settings);
    int code = serve(&run, guide);
    end(&run);
    return code;
}
