/*
 * test_demo.c - the demo's mailbox is full of good messages
 */
#include "tests/exchange/exchange.h"

#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "proxy/base/arena.h"
#include "proxy/base/time.h"
#include "tests/exchange/letter.h"
#include "tests/exchange/model.h"

static bool has_bare_line_end(const char *data, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (data[i] == '\n' && (i == 0 || data[i - 1] != '\r'))
            return true;
    return false;
}

static void check_item(struct exchange *exchange, const struct sim_item *item)
{
    const struct sim_content *content = item->content;
    struct arena *arena = arena_new();
    struct letter_part *parts;
    char *id = letter_field(arena, content->data, content->header_len,
                            "Message-ID");
    char *date = letter_field(arena, content->data, content->header_len, "Date");

    cr_expect(!has_bare_line_end(content->data, content->len), "%s", id);
    cr_expect(letter_parts(arena, content->data, content->len, &parts) > 0,
              "%s", id);
    cr_expect(item->received <= time_now() &&
                  item->received > time_now() - 800 * 86400,
              "%s", id);
    cr_expect_eq(time_from_rfc5322(date), item->received, "%s", id);
    cr_expect_eq(exchange_count_message_id(exchange, "demo@postern.example",
                                           item->folder->name, id),
                 1, "%s", id);
    arena_free(&arena);
}

Test(demo, has_about_three_hundred_good_messages)
{
    struct exchange *exchange = exchange_new(EXCHANGE_2016);
    exchange_add_demo(exchange);
    struct sim_mailbox *mailbox =
        sim_mailbox_find(exchange, "demo@postern.example");
    size_t count = 0;

    cr_assert_not_null(mailbox);
    for (size_t f = 0; f < mailbox->folder_count; f++) {
        struct sim_folder *folder = mailbox->folders[f];
        for (size_t i = 0; i < folder->count; i++, count++) {
            const struct sim_content *content = folder->items[i]->content;
            cr_expect(!has_bare_line_end(content->data, content->len));
        }
    }
    cr_expect(count >= 280 && count <= 320, "%zu messages", count);
    exchange_free(&exchange);
}

Test(demo, dates_and_names_every_message_of_the_inbox)
{
    struct exchange *exchange = exchange_new(EXCHANGE_2016);
    exchange_add_demo(exchange);
    struct sim_mailbox *mailbox =
        sim_mailbox_find(exchange, "demo@postern.example");
    struct sim_folder *inbox = sim_folder_by_path(mailbox, NULL);

    for (size_t i = 0; i < inbox->count; i++)
        check_item(exchange, inbox->items[i]);
    exchange_free(&exchange);
}

Test(demo, has_neighbours_with_mail_of_their_own)
{
    struct exchange *exchange = exchange_new(EXCHANGE_2007_SP1);
    exchange_add_demo(exchange);

    cr_expect_eq(exchange_count(exchange, "anna@postern.example", NULL), 2);
    cr_expect_eq(exchange_count(exchange, "bert@postern.example", NULL), 2);
    exchange_free(&exchange);
}

Test(demo, has_an_archive_public_folders_and_a_shared_folder)
{
    struct exchange *exchange = exchange_new(EXCHANGE_2016);
    exchange_add_demo(exchange);

    cr_expect_eq(exchange_count(exchange, "demo@postern.example/archive",
                                "2019/Bread course"),
                 2);
    cr_expect_eq(exchange_count(exchange, EXCHANGE_PUBLIC, "Notice board"), 2);
    cr_expect_eq(exchange_count(exchange, "anna@postern.example", "Rota"), 1);
    exchange_free(&exchange);
}

Test(fill, makes_different_messages)
{
    struct exchange *exchange = exchange_new(EXCHANGE_2016);
    size_t first_len, second_len;
    exchange_add_user(exchange, "ann@example.com", "Ann", "secret", "en");
    exchange_fill(exchange, "ann@example.com", NULL, 1000);

    char *first = exchange_content(exchange, "ann@example.com", NULL, 0, &first_len);
    char *second = exchange_content(exchange, "ann@example.com", NULL, 999, &second_len);
    cr_expect_eq(exchange_count(exchange, "ann@example.com", NULL), 1000);
    cr_assert(first != NULL && second != NULL);
    cr_expect_str_neq(first, second);
    free(first);
    free(second);
    exchange_free(&exchange);
}

Test(demo, has_a_calendar_tasks_and_contacts_in_every_version)
{
    for (enum exchange_version version = 0; version < EXCHANGE_VERSION_COUNT;
         version++) {
        struct exchange *exchange = exchange_new(version);
        const char *demo = "demo@postern.example";

        exchange_add_demo(exchange);
        cr_expect_eq(exchange_count(exchange, demo, "Calendar"), 10, "%d",
                     version);
        cr_expect_eq(exchange_count(exchange, demo, "Tasks"), 5, "%d", version);
        cr_expect_eq(exchange_count(exchange, demo, "Contacts"), 7, "%d",
                     version);
        exchange_free(&exchange);
    }
}
