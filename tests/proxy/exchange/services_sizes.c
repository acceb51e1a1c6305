/*
 * services_sizes.c - tests of mail_take.c and rendering.c: what was told of a
 * message stays true
 */
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/spool.h"
#include "proxy/base/time.h"
#include "proxy/exchange/rendering.h"
#include "proxy/format/mime.h"
#include "tests/proxy/exchange/services.h"

/* clang-format off */
static const char nested[] =
    "From: bob@example.com\r\nSubject: parts\r\nMIME-Version: 1.0\r\n"
    "Content-Type: multipart/mixed; boundary=\"outer\"\r\n\r\n"
    "--outer\r\nContent-Type: text/plain\r\n\r\nOne\r\n"
    "--outer\r\nContent-Type: multipart/alternative; boundary=inner\r\n\r\n"
    "--inner\r\n\r\nTwo\r\n--inner--\r\n--outer--\r\n";
static const char plain[] =
    "From: bob@example.com\r\nSubject: one part\r\n\r\nText\r\n";
/* clang-format on */

struct got {
    struct arena *arena;
    struct buf text;
    enum status status;
    uint64_t size;
};

static bool take(void *context, const struct mail_content *content)
{
    struct got *got = context;
    char block[4096];
    long len;

    got->status = content->status;
    got->size = content->size;
    for (uint64_t at = 0;
         content->content != NULL &&
         (len = spool_read(content->content, at, block, sizeof block)) > 0;
         at += (uint64_t)len)
        buf_append(&got->text, block, (size_t)len);
    return true;
}

static struct got read_one(struct services *services, int64_t folder,
                           uint32_t uid, enum mail_need need)
{
    struct got got = { .arena = services->arena };

    buf_init(&got.text, services->arena);
    mail_read(&services->op, services->account, folder, &uid, 1, need, take,
              &got);
    return got;
}

/* On an Exchange that renders anew each time, and without a cache. */
static struct services open_forgetful(const char *mime)
{
    struct services services = services_open_on_disk(EXCHANGE_2016);
    char *error = NULL;

    cr_assert(
        settings_set(services.settings, "store.cache_limit", "0", &error));
    services_restart(&services);
    exchange_set_rerender(services.exchange, true);
    exchange_add_message(services.exchange, ANN, NULL, mime, strlen(mime),
                         time_now(), false);
    cr_assert_str_eq(
        services_uids(&services, services_folder(&services, "INBOX")), "1");
    return services;
}

static const struct mail_entry *entry_of(struct services *services,
                                         int64_t folder, uint32_t uid)
{
    struct mail_view *view = services_refresh(services, folder);
    const struct mail_entry *found = mail_view_find(view, uid);
    struct mail_entry *copy =
        found == NULL ? NULL
                      : arena_memdup(services->arena, found, sizeof *found);

    mail_view_unref(&view);
    return copy;
}

Test(services_sizes, of_a_message_in_parts_stay_with_every_octet)
{
    struct services services = open_forgetful(nested);
    int64_t inbox = services_folder(&services, "INBOX");
    struct got first = read_one(&services, inbox, 1, MAIL_NEED_CONTENT);

    cr_assert_eq(first.status, STATUS_OK);
    cr_expect_eq(first.size, first.text.len);
    for (int i = 0; i < 5; i++) {
        exchange_reset_calls(services.exchange);
        struct got again = read_one(&services, inbox, 1, MAIL_NEED_CONTENT);
        cr_expect_eq(again.status, STATUS_OK);
        cr_expect_eq(exchange_calls(services.exchange, NULL), 1);
        cr_expect_eq(again.size, first.size);
        cr_expect_eq(again.text.len, first.text.len);
        cr_expect_eq(memcmp(again.text.data, first.text.data, first.text.len),
                     0);
    }
    cr_expect_str_eq(services_uids(&services, inbox), "1");
    services_close(&services);
}

Test(services_sizes, of_a_message_that_comes_out_different_go_with_its_uid)
{
    struct services services = open_forgetful(plain);
    int64_t inbox = services_folder(&services, "INBOX");
    struct got first = read_one(&services, inbox, 1, MAIL_NEED_CONTENT);

    cr_assert_eq(first.status, STATUS_OK);
    struct got again = read_one(&services, inbox, 1, MAIL_NEED_CONTENT);
    cr_expect_eq(again.status, STATUS_NOT_FOUND);
    cr_expect_str_eq(services_uids(&services, inbox), "2");
    const struct mail_entry *entry = entry_of(&services, inbox, 2);
    cr_expect(entry->size_exact);
    cr_expect_neq(entry->size, first.size);
    exchange_set_rerender(services.exchange, false);
    again = read_one(&services, inbox, 2, MAIL_NEED_CONTENT);
    cr_expect_eq(again.status, STATUS_OK);
    cr_expect_eq(again.text.len, entry->size);
    services_close(&services);
}

Test(services_sizes, once_exact_are_so_after_a_restart)
{
    struct services services = open_forgetful(nested);
    int64_t inbox = services_folder(&services, "INBOX");

    cr_expect_not(entry_of(&services, inbox, 1)->size_exact);
    struct got first = read_one(&services, inbox, 1, MAIL_NEED_STRUCTURE);
    cr_expect(entry_of(&services, inbox, 1)->size_exact);
    cr_expect_eq(entry_of(&services, inbox, 1)->size, first.size);
    services_restart(&services);
    cr_expect(entry_of(&services, inbox, 1)->size_exact);
    cr_expect_eq(entry_of(&services, inbox, 1)->size, first.size);
    cr_expect_eq(read_one(&services, inbox, 1, MAIL_NEED_CONTENT).text.len,
                 first.size);
    services_close(&services);
}

Test(services_sizes, stay_exact_when_a_message_moves)
{
    struct services services = open_forgetful(nested);
    int64_t inbox = services_folder(&services, "INBOX");
    int64_t drafts = services_folder(&services, "Drafts");
    struct mail_result result;

    services_uids(&services, drafts);
    struct got first = read_one(&services, inbox, 1, MAIL_NEED_STRUCTURE);
    mail_move(&services.op, services.account, inbox, (uint32_t[]){ 1 }, 1,
              drafts, &result);
    const struct mail_entry *entry =
        entry_of(&services, drafts, result.new_uid);
    cr_expect(entry->size_exact);
    cr_expect_eq(entry->size, first.size);
    cr_expect_eq(
        read_one(&services, drafts, result.new_uid, MAIL_NEED_CONTENT).text.len,
        first.size);
    services_close(&services);
}

/* --- Wherever the boundaries lie ----------------------------------------- */

static struct spool *padded(struct arena *arena, size_t pad,
                            const char *boundary)
{
    struct spool *spool = spool_new(NULL, 0);
    char *text = arena_alloc(arena, pad + 1);

    memset(text, 'x', pad);
    const char *mime = arena_printf(
        arena,
        "Content-Type: multipart/mixed; boundary=\"%s\"\r\n\r\n--%s\r\n\r\n"
        "%s\r\n--%s\r\n\r\n%s\r\n--%s--\r\n",
        boundary, boundary, text, boundary, text, boundary);
    spool_write(spool, mime, strlen(mime));
    return spool;
}

static bool is_same(const struct spool *a, const struct spool *b)
{
    static char left[128 * 1024], right[128 * 1024];
    long len = spool_read(a, 0, left, sizeof left);

    return len > 0 && spool_size(a) == spool_size(b) &&
           spool_read(b, 0, right, sizeof right) == len &&
           memcmp(left, right, (size_t)len) == 0;
}

Test(rendering, is_restored_across_the_blocks_it_is_read_in)
{
    struct arena *arena = arena_new();
    struct op op;

    for (size_t pad = 32 * 1024 - 160; pad < 32 * 1024; pad++) {
        op_init(&op, arena, "test/1");
        struct spool *told = padded(arena, pad, "what_was_told");
        struct spool *now = padded(arena, pad, "and_what_is_now_longer");
        struct spool *restored =
            rendering_restore(&op, now, rendering_scan(&op, now),
                              rendering_scan(&op, told));
        cr_assert_not_null(restored);
        cr_expect(is_same(restored, told), "%zu", pad);
        spool_free(&restored);
        spool_free(&told);
        spool_free(&now);
        arena_reset(arena);
    }
    arena_free(&arena);
}
