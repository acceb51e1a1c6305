/*
 * test_paging.c - answers in order, and page by page
 */
#include <string.h>

#include <criterion/criterion.h>

#include "ldap/offers.h"
#include "tests/ldap/asking.h"

#define SMITHS "(cn=*smith*)"

static struct heard ask(struct asking *asking, const char *filter,
                        const struct ldap_control controls[], size_t count)
{
    const struct question question = { .scope = LDAP_SUBTREE,
                                       .filter = filter,
                                       .controls = controls,
                                       .control_count = count };

    return asking_search(asking, &question);
}

static struct heard ask_page(struct asking *asking, int32_t size,
                             struct octets cookie)
{
    const struct ldap_control control = asking_page(asking, size, cookie);

    return ask(asking, SMITHS, &control, 1);
}

static const struct octets none;

Test(ldap_paging, tells_some_at_a_time)
{
    struct asking asking = asking_open();
    struct heard heard = ask_page(&asking, 3, none);
    struct octets cookie = asking_cookie(&asking, &heard);

    cr_expect_str_eq(heard.names, "Adam Smith, Betty Smith, Chris Smith");
    cr_expect(heard.result.code == LDAP_SUCCESS && cookie.len > 0);
    office_calls(&asking.office);
    heard = ask_page(&asking, 3, cookie);
    cr_expect_str_eq(heard.names, "Dora Smithers");
    cr_expect(heard.result.code == LDAP_SUCCESS);
    cr_expect(asking_cookie(&asking, &heard).len == 0);
    cr_expect(office_calls(&asking.office) == 0);
    cr_expect(asking.paging == NULL);
    asking_close(&asking);
}

Test(ldap_paging, of_all_at_once_needs_no_cookie)
{
    static const int32_t sizes[] = { 4, 5, 1000, 0, INT32_MAX };

    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct asking asking = asking_open();
        struct heard heard = ask_page(&asking, sizes[i], none);

        cr_expect(heard.count == 4, "%d: %zu", sizes[i], heard.count);
        cr_expect(asking.paging == NULL);
        asking_close(&asking);
    }
}

Test(ldap_paging, ends_when_the_client_wants_no_more)
{
    struct asking asking = asking_open();
    struct heard heard = ask_page(&asking, 1, none);
    struct octets cookie = asking_cookie(&asking, &heard);

    heard = ask_page(&asking, 0, cookie);
    cr_expect(heard.count == 0 && heard.result.code == LDAP_SUCCESS);
    cr_expect(asking_cookie(&asking, &heard).len == 0);
    heard = ask_page(&asking, 1, cookie);
    cr_expect(heard.result.code == LDAP_UNWILLING_TO_PERFORM);
    asking_close(&asking);
}

Test(ldap_paging, goes_on_with_the_same_search_only)
{
    struct asking asking = asking_open();
    struct heard heard = ask_page(&asking, 1, none);
    struct octets cookie = asking_cookie(&asking, &heard);
    struct ldap_control control = asking_page(&asking, 1, cookie);

    heard = ask(&asking, "(cn=*smit*)", &control, 1);
    cr_expect(heard.count == 0);
    cr_expect(heard.result.code == LDAP_UNWILLING_TO_PERFORM);
    heard = ask_page(&asking, 1, (struct octets){ "1.7", 3 });
    cr_expect(heard.result.code == LDAP_UNWILLING_TO_PERFORM);
    asking.anonymous = true;
    heard = ask_page(&asking, 1, cookie);
    cr_expect(heard.result.code == LDAP_UNWILLING_TO_PERFORM);
    asking.anonymous = false;
    heard = ask_page(&asking, 1, cookie);
    cr_expect_str_eq(heard.names, "Betty Smith");
    heard = ask_page(&asking, 1, cookie);
    cr_expect(heard.result.code == LDAP_UNWILLING_TO_PERFORM);
    asking_close(&asking);
}

Test(ldap_paging, tells_of_a_limit_on_the_last_page)
{
    struct asking asking = asking_open();
    struct ldap_control control = asking_page(&asking, 2, none);
    struct question question = { .scope = LDAP_SUBTREE,
                                 .filter = SMITHS,
                                 .size_limit = 3,
                                 .controls = &control,
                                 .control_count = 1 };
    struct heard heard = asking_search(&asking, &question);

    cr_expect(heard.count == 2 && heard.result.code == LDAP_SUCCESS);
    control = asking_page(&asking, 2, asking_cookie(&asking, &heard));
    heard = asking_search(&asking, &question);
    cr_expect(heard.count == 1);
    cr_expect(heard.result.code == LDAP_SIZE_LIMIT_EXCEEDED);
    asking_close(&asking);
}

Test(ldap_paging, refuses_what_it_cannot_read)
{
    static const struct octets values[] = {
        { "", 0 },
        { "\x30\x00", 2 },
        { "\x30\x05\x02\x01\xff\x04\x00", 7 },
        { "\x30\x7f\x02\x01\x01", 5 },
    };
    struct asking asking = asking_open();

    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        const struct ldap_control paged = { LDAP_CONTROL_PAGED, false, true,
                                            values[i] };
        const struct ldap_control sorted = { LDAP_CONTROL_SORT, false, true,
                                             values[i] };

        cr_expect(ask(&asking, SMITHS, &paged, 1).result.code ==
                  LDAP_PROTOCOL_ERROR);
        cr_expect(ask(&asking, SMITHS, &sorted, 1).result.code ==
                  LDAP_PROTOCOL_ERROR);
    }
    asking_close(&asking);
}

/* --- Sorting -------------------------------------------------------------- */

/* clang-format off */
static const struct {
    const char *keys;
    bool critical;
    const char *names;
    int sorted;
    enum ldap_code code;
} orders[] = {
    { "cn", true, "Adam Smith, Betty Smith, Bob Berg, Chris Smith, Dora Smithers", 0, LDAP_SUCCESS },
    { "-cn", true, "Dora Smithers, Chris Smith, Bob Berg, Betty Smith, Adam Smith", 0, LDAP_SUCCESS },
    { "title cn", true, "Bob Berg, Adam Smith, Betty Smith, Chris Smith, Dora Smithers", 0, LDAP_SUCCESS },
    { "-title -mail", true, "Dora Smithers, Chris Smith, Betty Smith, Adam Smith, Bob Berg", 0, LDAP_SUCCESS },
    { "unknown", true, "", LDAP_NO_SUCH_ATTRIBUTE, LDAP_UNAVAILABLE_CRITICAL_EXTENSION },
    { "manager", true, "", LDAP_INAPPROPRIATE_MATCHING, LDAP_UNAVAILABLE_CRITICAL_EXTENSION },
    { "unknown", false, "Adam Smith, Betty Smith, Chris Smith, Dora Smithers, Bob Berg", LDAP_NO_SUCH_ATTRIBUTE, LDAP_SUCCESS },
};
/* clang-format on */

Test(ldap_sort, puts_entries_in_order)
{
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
        struct asking asking = asking_open();
        const struct ldap_control control =
            asking_sort(&asking, orders[i].keys, orders[i].critical);
        struct heard heard =
            ask(&asking, "(|(cn=*smith*)(cn=bob*))", &control, 1);

        cr_expect_str_eq(heard.names, orders[i].names, "%s: %s", orders[i].keys,
                         heard.names);
        cr_expect(heard.result.code == orders[i].code, "%s: %d", orders[i].keys,
                  heard.result.code);
        cr_expect(asking_sorted(&heard) == orders[i].sorted, "%s: %d",
                  orders[i].keys, asking_sorted(&heard));
        asking_close(&asking);
    }
}

Test(ldap_sort, goes_with_pages)
{
    struct asking asking = asking_open();
    struct ldap_control controls[] = { asking_sort(&asking, "-cn", true),
                                       asking_page(&asking, 2, none) };
    struct heard heard = ask(&asking, SMITHS, controls, 2);

    cr_expect_str_eq(heard.names, "Dora Smithers, Chris Smith");
    cr_expect(asking_sorted(&heard) == 0);
    controls[1] = asking_page(&asking, 2, asking_cookie(&asking, &heard));
    heard = ask(&asking, SMITHS, controls, 2);
    cr_expect_str_eq(heard.names, "Betty Smith, Adam Smith");
    cr_expect(asking_sorted(&heard) == 0);
    cr_expect(asking_cookie(&asking, &heard).len == 0);
    asking_close(&asking);
}
