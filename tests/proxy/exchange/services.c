/*
 * services.c - an account on an Exchange in memory, for the tests of the
 * services
 */
#include "tests/proxy/exchange/services.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/log.h"
#include "proxy/base/secret.h"
#include "proxy/base/spool.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"

static void set(struct services *services, const char *key, const char *value)
{
    char *error = NULL;

    cr_assert(settings_set(services->settings, key, value, &error), "%s",
              error);
}

static struct services open_at(enum exchange_version version, const char *path)
{
    struct services services = { .exchange = exchange_new(version) };

    log_set_level(LOG_LEVEL_ERROR);
    services.settings = settings_new();
    services.arena = arena_new();
    op_init(&services.op, services.arena, "test/1");
    exchange_add_user(services.exchange, ANN, "Ann", PASSWORD, "en");
    exchange_add_user(services.exchange, BOB, "Bob", PASSWORD, "de");
    set(&services, "exchange.url", exchange_memory_url(services.exchange));
    set(&services, "exchange.patience", "2");
    set(&services, "exchange.status_interval", "0");
    set(&services, "store.path", path);
    services.accounts =
        accounts_new(services.settings, &exchange_memory_backend);
    cr_assert_eq(services_login(&services, ANN, PASSWORD, &services.account),
                 STATUS_OK);
    return services;
}

struct services services_open(enum exchange_version version)
{
    return open_at(version, "memory");
}

struct services services_open_on_disk(enum exchange_version version)
{
    char directory[] = "/tmp/postern-services-XXXXXX";

    cr_assert_not_null(mkdtemp(directory));
    struct services services = open_at(version, directory);
    strcpy(services.directory, directory);
    return services;
}

void services_close(struct services *services)
{
    char command[128];

    account_unref(&services->account);
    arena_free(&services->arena);
    accounts_free(&services->accounts);
    settings_free(&services->settings);
    exchange_free(&services->exchange);
    if (services->directory[0] == '\0')
        return;
    snprintf(command, sizeof command, "rm -rf '%s'", services->directory);
    cr_expect_eq(system(command), 0);
}

void services_restart(struct services *services)
{
    account_unref(&services->account);
    arena_reset(services->arena);
    accounts_free(&services->accounts);
    services->accounts =
        accounts_new(services->settings, &exchange_memory_backend);
    cr_assert_eq(services_login(services, ANN, PASSWORD, &services->account),
                 STATUS_OK);
}

enum status services_login(struct services *services, const char *user,
                           const char *password, struct account **account_out)
{
    struct secret *secret = secret_new(password, strlen(password));
    enum status status = account_login(&services->op, services->accounts, user,
                                       secret, account_out);

    secret_free(&secret);
    return status;
}

int64_t services_folder(struct services *services, const char *path)
{
    char **names = str_split(services->arena, path, "/");
    struct folder *folders;
    size_t count;
    int64_t id = 0;

    cr_assert_eq(
        folder_list(&services->op, services->account, &folders, &count),
        STATUS_OK);
    for (size_t i = 0; names[i] != NULL; i++) {
        int64_t parent = id;

        id = 0;
        for (size_t k = 0; k < count; k++)
            if (folders[k].parent == parent &&
                str_equal(folders[k].name, names[i]))
                id = folders[k].id;
        if (id == 0)
            return 0;
    }
    return id;
}

struct mail_view *services_refresh(struct services *services, int64_t folder)
{
    struct mail_view *view = NULL;
    enum status status =
        mail_refresh(&services->op, services->account, folder, &view);

    cr_assert_eq(status, STATUS_OK, "%s: %s", status_name(status),
                 services->op.reason);
    return view;
}

char *services_uids(struct services *services, int64_t folder)
{
    struct mail_view *view = services_refresh(services, folder);
    struct buf text;

    buf_init(&text, services->arena);
    for (size_t i = 0; i < mail_view_count(view); i++) {
        size_t last = i;

        while (last + 1 < mail_view_count(view) &&
               mail_view_at(view, last + 1)->uid ==
                   mail_view_at(view, last)->uid + 1)
            last++;
        buf_printf(&text, "%s%u", i > 0 ? " " : "", mail_view_at(view, i)->uid);
        if (last > i)
            buf_printf(&text, ":%u", mail_view_at(view, last)->uid);
        i = last;
    }
    mail_view_unref(&view);
    return text.len > 0 ? text.data : arena_strdup(services->arena, "");
}

char *services_mime(struct services *services, const char *subject)
{
    return arena_printf(
        services->arena,
        "From: Bob <" BOB ">\r\nTo: " ANN "\r\nSubject: %s\r\n"
        "Message-ID: <%s@example.com>\r\n"
        "Date: Sun, 22 Nov 2026 01:00:00 +0000\r\n\r\nThe body of %s.\r\n",
        subject, subject, subject);
}

void services_deliver(struct services *services, const char *folder,
                      const char *subject)
{
    char *mime = services_mime(services, subject);

    exchange_add_message(services->exchange, ANN, folder, mime, strlen(mime),
                         time_now(), false);
}

enum status services_append(struct services *services, int64_t folder,
                            const char *mime, uint32_t flags, uint32_t *uid_out)
{
    struct spool *spool = spool_new(NULL, 0);
    struct mail_new message = { spool, flags, NULL, TIME_NONE };

    spool_write(spool, mime, strlen(mime));
    enum status status = mail_append(&services->op, services->account, folder,
                                     &message, uid_out);
    spool_free(&spool);
    return status;
}

void services_fault(struct services *services, const char *operation,
                    enum exchange_fault fault, unsigned times)
{
    struct exchange_fault_rule rule = { operation, fault, 0, times, 0, NULL };

    exchange_set_fault(services->exchange, &rule);
}
