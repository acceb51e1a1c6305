/*
 * directory_everybody.c - tests of a directory server that lists everybody
 *
 * The backend is the real one but for the list, of which these tests say who is
 * in it.
 */
#include <criterion/criterion.h>
#include <stdatomic.h>
#include <stdio.h>

#include "proxy/base/arena.h"
#include "proxy/base/secret.h"
#include "proxy/exchange/backend.h"
#include "proxy/exchange/ews/ews.h"
#include "tests/proxy/exchange/directory.h"

static struct {
    size_t count;
    atomic_uint asked;
    atomic_size_t told;
} list;

static enum status tell_list(struct op *op, struct remote *remote,
                             bool (*each)(void *context,
                                          const struct person *person),
                             void *context, bool *complete_out)
{
    (void)op, (void)remote;
    atomic_fetch_add(&list.asked, 1);
    *complete_out = true;
    for (size_t i = 0; i < list.count; i++) {
        char address[48];
        const char *const addresses[] = { address, NULL };
        const struct person person = { .addresses = addresses };

        snprintf(address, sizeof address, "p%zu@list.example", i);
        atomic_fetch_add(&list.told, 1);
        if (!each(context, &person))
            return STATUS_CANCELLED;
    }
    return STATUS_OK;
}

static struct backend backend;
static struct remote_directory directory;

static enum status open_with_list(struct op *op,
                                  const struct settings *settings,
                                  const char *user, const char *mailbox,
                                  const struct secret *password,
                                  struct remote **remote_out,
                                  struct remote_account *about_out)
{
    enum status status = ews_backend.open(op, settings, user, mailbox, password,
                                          remote_out, about_out);

    if (status == STATUS_OK)
        (*remote_out)->backend = &backend;
    return status;
}

static struct office open_office(size_t people)
{
    struct office office = office_open(EXCHANGE_2016);
    struct secret *secret = secret_new(PASSWORD, sizeof PASSWORD - 1);

    directory = *ews_backend.directory;
    directory.all = tell_list;
    backend = ews_backend;
    backend.open = open_with_list;
    backend.directory = &directory;
    list.count = people;
    account_unref(&office.account);
    accounts_free(&office.accounts);
    office.accounts = accounts_new(office.settings, &backend);
    cr_assert_eq(account_login(&office.op, office.accounts, office.user, secret,
                               &office.account),
                 STATUS_OK);
    secret_free(&secret);
    return office;
}

static bool count_one(void *context, const struct person *person)
{
    (void)person;
    ++*(size_t *)context;
    return true;
}

/* How many are told, and whether these are all. */
static size_t look(struct office *office, bool cheaply, bool *complete_out)
{
    const struct people_query query = { .by = PEOPLE_ALL,
                                        .sources = PEOPLE_GLOBAL,
                                        .cheaply = cheaply };
    size_t count = 0;

    cr_expect_eq(people_find(&office->op, office->account, &query, count_one,
                             &count, complete_out),
                 STATUS_OK);
    return count;
}

Test(directory_everybody, is_asked_for_once_in_a_while)
{
    struct office office = open_office(50);
    bool complete;

    for (int i = 0; i < 6; i++) {
        cr_expect_eq(look(&office, i % 2 == 0, &complete), 50);
        cr_expect(complete);
    }
    cr_expect_eq(atomic_load(&list.asked), 1);
    lookup_set(&office, "directory.cache_seconds", "0");
    look(&office, true, &complete);
    cr_expect_eq(atomic_load(&list.asked), 2);
    office_close(&office);
}

Test(directory_everybody, is_too_much_for_somebody_who_types)
{
    struct office office = open_office(5000);
    bool complete;

    lookup_set(&office, "directory.cache_limit", "64K");
    for (int i = 0; i < 3; i++) {
        cr_expect_eq(look(&office, true, &complete), 0);
        cr_expect_not(complete);
    }
    cr_expect_eq(atomic_load(&list.asked), 1);
    cr_expect_lt(atomic_load(&list.told), 5000, "it is heard to the end");

    /* Who wants everybody gets them. */
    cr_expect_eq(look(&office, false, &complete), 5000);
    cr_expect(complete);
    cr_expect_eq(atomic_load(&list.asked), 2);
    office_close(&office);
}
