/*
 * services_read.c - tests of mail_read.c, mail_fetch.c and cache.c
 */
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "proxy/base/arena.h"
#include "proxy/base/spool.h"
#include "proxy/base/time.h"
#include "proxy/format/mime.h"
#include "tests/proxy/exchange/services.h"

#define MANY 450

struct reader {
    struct services *services;
    enum mail_need need;
    uint32_t next; /* the UID that should come next */
    size_t good, bad;
    enum status bad_status;
    uint64_t size;
    size_t stop_after; /* 0: never */
    struct account *account;
    struct op *op;
    int64_t folder;
    enum status status;
};

static void look_at_content(struct reader *reader,
                            const struct mail_content *content)
{
    struct services *services = reader->services;
    char *expected = NULL;
    size_t len;

    cr_expect_not_null(content->header);
    cr_expect(
        content->header_len > 4 &&
        memcmp(content->header + content->header_len - 4, "\r\n\r\n", 4) == 0);
    if (reader->need == MAIL_NEED_HEADER)
        return;
    expected =
        exchange_content(services->exchange, ANN, NULL, content->uid - 1, &len);
    cr_expect_eq(content->size, len);
    cr_expect_eq(
        content->structure->header_size + content->structure->body_size, len);
    if (reader->need == MAIL_NEED_CONTENT) {
        char *got = malloc(len + 1);
        cr_expect_eq(spool_size(content->content), len);
        cr_expect_eq(spool_read(content->content, 0, got, len), (long)len);
        cr_expect_eq(memcmp(got, expected, len), 0);
        free(got);
    }
    free(expected);
}

static bool take(void *context, const struct mail_content *content)
{
    struct reader *reader = context;

    cr_expect_eq(content->uid, reader->next, "%u instead of %u", content->uid,
                 reader->next);
    reader->next++;
    if (content->status == STATUS_OK) {
        look_at_content(reader, content);
        reader->good++;
        reader->size += content->size;
    } else {
        reader->bad++;
        reader->bad_status = content->status;
    }
    return reader->stop_after == 0 || reader->good < reader->stop_after;
}

static struct reader read_all(struct services *services, size_t count,
                              enum mail_need need)
{
    struct reader reader = { .services = services, .need = need, .next = 1 };
    int64_t inbox = services_folder(services, "INBOX");
    uint32_t *uids = arena_array(services->arena, count, sizeof *uids);

    for (uint32_t i = 0; i < count; i++)
        uids[i] = i + 1;
    exchange_reset_calls(services->exchange);
    reader.status = mail_read(&services->op, services->account, inbox, uids,
                              count, need, take, &reader);
    return reader;
}

static void fill(struct services *services, size_t count)
{
    exchange_fill(services->exchange, ANN, NULL, count);
    services_uids(services, services_folder(services, "INBOX"));
}

/* clang-format off */
static const struct {
    const char *what;
    enum mail_need need;
} needs[] = {
    { "headers",    MAIL_NEED_HEADER },
    { "structures", MAIL_NEED_STRUCTURE },
    { "contents",   MAIL_NEED_CONTENT },
};
/* clang-format on */

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

Test(services_read, reads_in_batches_in_order_and_never_again)
{
    for (size_t i = 0; i < COUNT(needs); i++) {
        struct services services = services_open_on_disk(EXCHANGE_2016);

        fill(&services, MANY);
        struct reader reader = read_all(&services, MANY, needs[i].need);
        cr_expect_eq(reader.status, STATUS_OK, "%s", needs[i].what);
        cr_expect_eq(reader.good, MANY);
        cr_expect_leq(exchange_calls(services.exchange, NULL),
                      MANY / 100 * 2 + 4, "%s: %u", needs[i].what,
                      exchange_calls(services.exchange, NULL));
        reader = read_all(&services, MANY, needs[i].need);
        cr_expect_eq(reader.good, MANY, "%s", needs[i].what);
        cr_expect_eq(exchange_calls(services.exchange, NULL), 0, "%s",
                     needs[i].what);
        services_restart(&services);
        reader = read_all(&services, MANY, needs[i].need);
        cr_expect_eq(reader.good, MANY, "%s", needs[i].what);
        cr_expect_eq(exchange_calls(services.exchange, NULL), 0, "%s",
                     needs[i].what);
        services_close(&services);
    }
}

Test(services_read, has_several_calls_in_flight)
{
    struct services services = services_open(EXCHANGE_2016);

    fill(&services, MANY);
    exchange_set_latency(services.exchange, 30);
    struct reader reader = read_all(&services, MANY, MAIL_NEED_HEADER);
    cr_expect_eq(reader.good, MANY);
    cr_expect_geq(exchange_peak(services.exchange), 2);
    services_close(&services);
}

Test(services_read, reads_good_messages_beside_a_corrupt_one)
{
    struct services services = services_open(EXCHANGE_2016);
    struct exchange_fault_rule rule = { "GetItem", FAULT_ITEM_CORRUPT,
                                        0,         UINT_MAX,
                                        3,         NULL };

    fill(&services, 10);
    exchange_set_fault(services.exchange, &rule);
    struct reader reader = read_all(&services, 10, MAIL_NEED_CONTENT);
    cr_expect_eq(reader.status, STATUS_CORRUPT);
    cr_expect_eq(reader.good, 9);
    cr_expect_eq(reader.bad, 1);
    cr_expect_eq(reader.bad_status, STATUS_CORRUPT);
    services_close(&services);
}

Test(services_read, says_of_every_message_that_exchange_is_away)
{
    struct services services = services_open(EXCHANGE_2016);

    fill(&services, MANY);
    services_fault(&services, "GetItem", FAULT_HTTP_503, UINT_MAX);
    struct reader reader = read_all(&services, MANY, MAIL_NEED_HEADER);
    cr_expect_eq(reader.status, STATUS_UNAVAILABLE);
    cr_expect_eq(reader.good, 0);
    cr_expect_eq(reader.bad, MANY);
    cr_expect_leq(exchange_calls(services.exchange, NULL), 6);
    services_close(&services);
}

Test(services_read, serves_what_it_knows_while_exchange_is_away)
{
    struct services services = services_open(EXCHANGE_2016);

    fill(&services, 300);
    read_all(&services, 200, MAIL_NEED_CONTENT);
    services_fault(&services, NULL, FAULT_HTTP_503, UINT_MAX);
    struct reader reader = read_all(&services, 300, MAIL_NEED_CONTENT);
    cr_expect_eq(reader.good, 200);
    cr_expect_eq(reader.bad, 100);
    cr_expect_eq(reader.status, STATUS_UNAVAILABLE);
    services_close(&services);
}

/* clang-format off */
static const enum exchange_fault cut_answers[] = {
    FAULT_TRUNCATED, FAULT_MALFORMED, FAULT_RESET_AFTER
};
/* clang-format on */

Test(services_read, never_hands_over_part_of_a_message)
{
    for (size_t i = 0; i < COUNT(cut_answers); i++) {
        struct services services = services_open(EXCHANGE_2016);

        fill(&services, 150);
        services_fault(&services, "GetItem", cut_answers[i], UINT_MAX);
        struct reader reader = read_all(&services, 150, MAIL_NEED_CONTENT);
        cr_expect_neq(reader.status, STATUS_OK);
        cr_expect_eq(reader.good + reader.bad, 150);
        services_close(&services);
    }
}

Test(services_read, stops_when_told_to)
{
    struct services services = services_open(EXCHANGE_2016);
    struct reader reader = { .services = &services,
                             .next = 1,
                             .stop_after = 5 };
    uint32_t uids[MANY];

    fill(&services, MANY);
    for (uint32_t i = 0; i < MANY; i++)
        uids[i] = i + 1;
    cr_expect_eq(mail_read(&services.op, services.account,
                           services_folder(&services, "INBOX"), uids, MANY,
                           MAIL_NEED_HEADER, take, &reader),
                 STATUS_CANCELLED);
    cr_expect_eq(reader.good, 5);
    services_close(&services);
}

Test(services_read, knows_exact_sizes_once_messages_were_read)
{
    struct services services = services_open(EXCHANGE_2016);
    int64_t inbox = services_folder(&services, "INBOX");
    struct mail_view *view = NULL;
    uint64_t size = 0;

    fill(&services, 20);
    struct reader reader = read_all(&services, 20, MAIL_NEED_STRUCTURE);
    mail_look(&services.op, services.account, inbox, &view);
    for (size_t i = 0; i < mail_view_count(view); i++) {
        cr_expect(mail_view_at(view, i)->size_exact);
        size += mail_view_at(view, i)->size;
    }
    cr_expect_eq(size, reader.size);
    mail_view_unref(&view);
    services_close(&services);
}

Test(services_read, keeps_the_cache_within_its_limit)
{
    struct services services = services_open_on_disk(EXCHANGE_2016);
    char command[160], line[64] = "";

    services.settings->store.cache_limit = 20000;
    services_restart(&services);
    fill(&services, 100);
    read_all(&services, 100, MAIL_NEED_CONTENT);
    snprintf(command, sizeof command, "du -cb '%s'/*/messages/*.eml | tail -1",
             services.directory);
    FILE *pipe = popen(command, "r");
    cr_assert_not_null(fgets(line, sizeof line, pipe));
    pclose(pipe);
    cr_expect_leq(atol(line), 20000);
    struct reader reader = read_all(&services, 100, MAIL_NEED_CONTENT);
    cr_expect_eq(reader.good, 100);
    services_close(&services);
}

Test(services_read, reads_a_message_gone_from_the_cache_in_one_piece_again)
{
    struct services services = services_open_on_disk(EXCHANGE_2016);
    char command[160];

    fill(&services, 10);
    read_all(&services, 10, MAIL_NEED_CONTENT);
    snprintf(command, sizeof command,
             "for f in '%s'/*/messages/*.eml; do echo x >$f; done",
             services.directory);
    cr_expect_eq(system(command), 0);
    struct reader reader = read_all(&services, 10, MAIL_NEED_CONTENT);
    cr_expect_eq(reader.good, 10);
    cr_expect_eq(exchange_calls(services.exchange, NULL), 1);
    services_close(&services);
}

static void *read_in_thread(void *context)
{
    struct reader *reader = context;
    struct arena *arena = arena_new();
    uint32_t uids[50];
    struct op op;

    op_init(&op, arena, "test/reader");
    for (uint32_t i = 0; i < 50; i++)
        uids[i] = i + 1;
    reader->status = mail_read(&op, reader->account, reader->folder, uids, 50,
                               MAIL_NEED_CONTENT, take, reader);
    arena_free(&arena);
    return NULL;
}

Test(services_read, fetches_a_message_once_for_all_who_ask_at_the_same_time)
{
    struct services services = services_open(EXCHANGE_2016);
    struct reader readers[8];
    pthread_t threads[8];

    fill(&services, 50);
    exchange_set_latency(services.exchange, 100);
    exchange_reset_calls(services.exchange);
    for (int i = 0; i < 8; i++) {
        readers[i] =
            (struct reader){ .services = &services,
                             .need = MAIL_NEED_CONTENT,
                             .next = 1,
                             .account = services.account,
                             .folder = services_folder(&services, "INBOX") };
        pthread_create(&threads[i], NULL, read_in_thread, &readers[i]);
    }
    for (int i = 0; i < 8; i++) {
        pthread_join(threads[i], NULL);
        cr_expect_eq(readers[i].good, 50);
    }
    /* Two who begin in the same instant may share the messages. */
    cr_expect_leq(exchange_calls(services.exchange, "GetItem"), 2, "%u",
                  exchange_calls(services.exchange, "GetItem"));
    services_close(&services);
}

Test(services_read, remembers_headers_without_asking)
{
    struct services services = services_open(EXCHANGE_2016);
    int64_t inbox = services_folder(&services, "INBOX");
    const char *header = NULL;
    size_t len = 0;

    fill(&services, 2);
    cr_expect_not(mail_known_header(&services.op, services.account, inbox, 1,
                                    &header, &len));
    read_all(&services, 1, MAIL_NEED_HEADER);
    cr_expect(mail_known_header(&services.op, services.account, inbox, 1,
                                &header, &len));
    cr_expect_not(mail_known_header(&services.op, services.account, inbox, 2,
                                    &header, &len));
    services_close(&services);
}

Test(services_read, keeps_the_headers_within_their_limit)
{
    struct services services = services_open(EXCHANGE_2016);
    int64_t inbox = services_folder(&services, "INBOX");
    const char *header = NULL;
    size_t len = 0, kept = 0;

    fill(&services, MANY);
    services.settings->store.header_limit = 64 * 1024;
    read_all(&services, MANY, MAIL_NEED_HEADER);
    for (uint32_t uid = 1; uid <= MANY; uid++)
        if (mail_known_header(&services.op, services.account, inbox, uid,
                              &header, &len))
            kept += len;
    cr_expect_leq(kept, 64 * 1024, "%zu octets", kept);
    cr_expect_gt(kept, 16 * 1024);
    cr_expect_eq(read_all(&services, MANY, MAIL_NEED_HEADER).good, MANY);
    services_close(&services);
}

Test(services_read, finds_messages_by_their_text)
{
    struct services services = services_open(EXCHANGE_2016);
    int64_t inbox = services_folder(&services, "INBOX");
    uint32_t *uids;
    size_t count = 0;

    services_deliver(&services, NULL, "apples");
    services_deliver(&services, NULL, "pears");
    services_uids(&services, inbox);
    cr_expect_eq(mail_search(&services.op, services.account, inbox,
                             MAIL_SEARCH_BODY, NULL, "BODY OF PEARS", &uids,
                             &count),
                 STATUS_OK);
    cr_expect_eq(count, 1);
    cr_expect_eq(uids[0], 2);
    services_close(&services);
}
