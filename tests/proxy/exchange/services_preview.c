/*
 * services_preview.c - tests of mail_preview.c
 */
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/memory.h"
#include "tests/proxy/exchange/services.h"

/* "1=Hello 2=-", or what became of it. */
static const char *preview(struct services *services, int64_t folder, bool lazy)
{
    static const uint32_t uids[] = { 1, 2, 3, 9 };
    struct mail_preview previews[4];
    struct buf text;

    mail_preview(&services->op, services->account, folder, uids, 4, lazy,
                 previews);
    buf_init(&text, services->arena);
    for (size_t i = 0; i < 4; i++)
        buf_printf(&text, "%s%u=%s", i > 0 ? " " : "", previews[i].uid,
                   previews[i].status != STATUS_OK
                       ? status_name(previews[i].status)
                   : previews[i].text == NULL ? "-"
                                              : previews[i].text);
    return text.data;
}

static int64_t fill_inbox(struct services *services)
{
    int64_t inbox = services_folder(services, "INBOX");

    for (int i = 0; i < 3; i++)
        services_deliver(services, NULL, "x");
    cr_assert_str_eq(services_uids(services, inbox), "1:3");
    exchange_reset_calls(services->exchange);
    return inbox;
}

/* Exchange 2013 says it; of older ones the messages are read. */
Test(services_preview, is_made_once_and_kept)
{
    static const enum exchange_version versions[] = { EXCHANGE_2007_SP1,
                                                      EXCHANGE_2016 };

    for (size_t i = 0; i < 2; i++) {
        struct services services = services_open_on_disk(versions[i]);
        int64_t inbox = fill_inbox(&services);

        cr_expect_str_eq(preview(&services, inbox, true), "1=- 2=- 3=- 9=-");
        cr_expect_eq(exchange_calls(services.exchange, NULL), 0);
        char *made = /* over the restart */
            memory_strdup(preview(&services, inbox, false));
        cr_expect(strstr(made, "1=-") == NULL &&
                      strstr(made, "9=not-found") != NULL,
                  "%s", made);
        cr_expect_eq(exchange_calls(services.exchange, "GetItem"), 1);
        services_restart(&services);
        exchange_reset_calls(services.exchange);
        const char *known = preview(&services, inbox, true);
        cr_expect_eq(strncmp(known, made, strcspn(made, "9")), 0, "%s", known);
        cr_expect_eq(exchange_calls(services.exchange, "GetItem"), 0);
        free(made);
        services_close(&services);
    }
}

Test(services_preview, says_what_cannot_be_had)
{
    struct services services = services_open(EXCHANGE_2016);
    int64_t inbox = fill_inbox(&services);

    services_fault(&services, "GetItem", FAULT_RESET_BEFORE, 100);
    const char *made = preview(&services, inbox, false);
    cr_expect(strstr(made, "1=un") || strstr(made, "1=ti"), "%s", made);
    exchange_clear_faults(services.exchange);
    services_close(&services);
}
