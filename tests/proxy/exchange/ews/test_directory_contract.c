/*
 * test_directory_contract.c - the directory of the simulated Exchange: what
 * remote_directory.h says
 */
#include <criterion/criterion.h>

#include "proxy/base/table.h"
#include "tests/proxy/exchange/ews/stage.h"

static const struct remote_directory *slots(void)
{
    return ews_backend.directory;
}

/* --- Finding -------------------------------------------------------------- */

static size_t find(struct stage *stage, const char *text, size_t limit,
                   struct person **people, bool *complete)
{
    size_t count;

    cr_expect_eq(slots()->find(stage->op, stage->remote, text, limit, people,
                               &count, complete),
                 STATUS_OK, "%s: %s", text, stage->op->reason);
    return count;
}

Test(ews_directory_contract, finds_people_in_every_version, .timeout = 600)
{
    for (enum exchange_version v = EXCHANGE_2007_SP1; v <= EXCHANGE_2019; v++) {
        bool all = v >= EXCHANGE_2010_SP2;
        struct person *people;
        struct stage stage;
        bool complete;

        stage_begin(&stage, v);
        cr_assert_eq(find(&stage, "ann", 0, &people, &complete), 1, "%d", v);
        cr_expect(complete);
        stage_expect_ann(&people[0], all);
        if (all)
            cr_expect_str_eq(people[0].manager.address, "bob@example.com");
        cr_assert_eq(find(&stage, "team", 0, &people, &complete), 1);
        cr_expect_eq(people[0].kind, PERSON_GROUP);
        cr_assert_eq(find(&stage, "far", 0, &people, &complete), 1);
        cr_expect_eq(people[0].kind, PERSON_FOREIGN);
        cr_assert_eq(
            find(&stage, "smtp:lee@example.com", 0, &people, &complete), 1);
        cr_expect_str_eq(people[0].id, STAGE_USER);
        cr_expect_eq(find(&stage, "zzzz", 0, &people, &complete), 0);
        cr_expect(complete);
        cr_expect_eq(exchange_calls(stage.exchange, NULL), 5);
        stage_end(&stage);
    }
}

/* clang-format off */
static const struct {
    enum exchange_version version;
    size_t limit;
    unsigned calls;
    size_t least;
    bool complete;
} many[] = {
    { EXCHANGE_2010_SP2, 0,    1, 100, false },
    { EXCHANGE_2016,     50,   1, 50,  false },
    { EXCHANGE_2016,     250,  4, 250, false },
    { EXCHANGE_2016,     0,    0, 250, true },
    { EXCHANGE_2019,     0,    0, 250, true },
};
/* clang-format on */

/* All of "postern.example" have that in their addresses. */
Test(ews_directory_contract, finds_more_than_a_hundred, .timeout = 600)
{
    for (size_t i = 0; i < sizeof many / sizeof *many; i++) {
        struct person *people;
        struct stage stage;
        bool complete;

        stage_begin(&stage, many[i].version);
        exchange_fill_directory(stage.exchange, 4000);
        size_t count = find(&stage, "an", many[i].limit, &people, &complete);
        unsigned calls = exchange_calls(stage.exchange, NULL);
        cr_expect_geq(count, many[i].least, "line %zu: %zu", i, count);
        cr_expect_eq(complete, many[i].complete, "line %zu", i);
        cr_expect(many[i].calls == 0 || calls <= many[i].calls,
                  "line %zu: %u calls", i, calls);
        cr_expect_leq(calls, 2 + count / 100 + 1);
        struct table *known = table_new(stage.op->arena);
        for (size_t n = 0; n < count; n++)
            cr_expect_eq(table_add(known, 0, people[n].id, &people[n]),
                         &people[n], "%s twice", people[n].id);
        stage_end(&stage);
    }
}

/* --- Groups and pictures -------------------------------------------------- */

static enum status members(struct stage *stage, const char *group,
                           struct person_link **links, size_t *count)
{
    bool complete;

    return slots()->members(stage->op, stage->remote, group, links, count,
                            &complete);
}

Test(ews_directory_contract, tells_members_in_every_version, .timeout = 600)
{
    for (enum exchange_version v = EXCHANGE_2007_SP1; v <= EXCHANGE_2019; v++) {
        struct person_link *links;
        struct stage stage;
        size_t count;

        stage_begin(&stage, v);
        cr_expect_eq(members(&stage, "team@example.com", &links, &count),
                     STATUS_OK);
        cr_assert_eq(count, 3);
        for (size_t i = 0; i < 3; i++)
            cr_expect_str_eq(links[i].address, stage_team[i]);
        cr_expect_str_eq(links[0].name, "Ann Lee");
        cr_expect_eq(members(&stage, "empty@example.com", &links, &count),
                     STATUS_NOT_FOUND);
        cr_expect_eq(members(&stage, "secret@example.com", &links, &count),
                     STATUS_NOT_FOUND);
        cr_expect_eq(members(&stage, "none@example.com", &links, &count),
                     STATUS_NOT_FOUND);
        stage_end(&stage);
    }
}

Test(ews_directory_contract, shows_pictures_where_there_are_some, .timeout = 600)
{
    for (enum exchange_version v = EXCHANGE_2007_SP1; v <= EXCHANGE_2019; v++) {
        const char *type;
        const void *data;
        struct stage stage;
        size_t len;

        stage_begin(&stage, v);
        enum status status = slots()->photo(stage.op, stage.remote, STAGE_USER,
                                            96, &data, &len, &type);
        if (v >= EXCHANGE_2010_SP2) {
            cr_assert_eq(status, STATUS_OK, "%d: %s", v, stage.op->reason);
            cr_expect_str_eq(type, "image/png");
            cr_assert_eq(len, sizeof STAGE_PICTURE - 1);
            cr_expect_arr_eq(data, STAGE_PICTURE, len);
        } else {
            cr_expect_eq(status, STATUS_NOT_FOUND);
        }
        cr_expect_eq(exchange_calls(stage.exchange, NULL), 1);
        cr_expect_eq(slots()->photo(stage.op, stage.remote, "bob@example.com",
                                    96, &data, &len, &type),
                     STATUS_NOT_FOUND, "%d", v);
        cr_expect_eq(slots()->photo(stage.op, stage.remote, "no@example.com",
                                    96, &data, &len, &type),
                     STATUS_NOT_FOUND, "%d", v);
        cr_expect_eq(exchange_calls(stage.exchange, NULL), 3, "%d", v);
        stage_end(&stage);
    }
}
