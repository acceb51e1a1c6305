/*
 * objects_many.c - many objects at once, and many who want them
 */
#include <criterion/criterion.h>
#include <malloc.h>
#include <pthread.h>
#include <string.h>

#include "proxy/exchange/account_private.h"
#include "proxy/exchange/index/objects.h"
#include "tests/proxy/exchange/objects.h"

#define MANY 2000
#define TEXT 10000

struct reading {
    size_t before;
    size_t most;
    size_t count;
};

static size_t memory_now(void)
{
    struct mallinfo2 info = mallinfo2();

    return info.uordblks + info.hblkhd;
}

static bool watch(void *context, size_t index, enum status status,
                  const struct object *object, const char *text, size_t len)
{
    struct reading *reading = context;
    size_t now = memory_now();

    (void)index, (void)object, (void)text;
    reading->count += status == STATUS_OK && len == TEXT;
    if (now > reading->most)
        reading->most = now;
    return true;
}

/* A folder full of long notes, as if they had been read. */
static const char **fill(struct office *office)
{
    const char **names = arena_array(office->arena, MANY, sizeof *names);
    char *text = arena_alloc(office->arena, TEXT + 1);
    struct index *index = office->account->index;

    memset(text, 'x', TEXT);
    for (size_t i = 0; i < MANY; i++) {
        struct index_object row;
        names[i] = arena_printf(office->arena, "%zu.ics", i);
        struct index_object_write write = {
            .remote = names[i],
            .change_key = "k",
            .kind = REMOTE_EVENT,
            .name = names[i],
            .uid = names[i],
        };
        cr_assert_eq(index_object_write(&office->op, index, office->calendar,
                                        &write, &row),
                     STATUS_OK);
        struct index_object_content content = {
            .row = row.row,
            .change_key = "k",
            .uid = names[i],
            .text = text,
        };
        cr_assert_eq(index_object_keep(&office->op, index, &content, 1),
                     STATUS_OK);
    }
    return names;
}

Test(objects_many, texts_are_not_held_all_at_once)
{
    struct office office = office_open(EXCHANGE_2016);
    struct reading reading = { 0 };

    office_refresh(&office, office.calendar);
    const char **names = fill(&office);
    reading.before = reading.most = memory_now();
    EXPECT_OK(objects_read(&office.op, office.account, office.calendar, names,
                           MANY, VCARD_4, watch, &reading));
    cr_expect_eq(reading.count, MANY);
    cr_expect_lt(reading.most - reading.before, (size_t)MANY * TEXT / 5,
                 "%zu KB more", (reading.most - reading.before) / 1024);
    office_close(&office);
}

/* --- At the same time ----------------------------------------------------- */

struct writer {
    struct office *office;
    pthread_t thread;
    int number;
    size_t done;
};

/* Each writes its own events, and all of them one in common. */
static void *write_events(void *context)
{
    struct writer *writer = context;
    struct office *office = writer->office;
    struct arena *arena = arena_new();
    struct op op;

    op_init(&op, arena, "writer/1");
    for (int i = 0; i < 8; i++) {
        struct office own = *office;
        bool shared = i % 2 == 1;
        own.arena = arena;
        own.op = op;
        const char *uid =
            shared ? "common"
                   : arena_printf(arena, "w%d-%d", writer->number, i);
        writer->done +=
            office_put(&own, own.calendar, arena_printf(arena, "%s.ics", uid),
                       office_event(&own, uid, arena_printf(arena, "S%d", i),
                                    "")) == STATUS_OK;
    }
    arena_free(&arena);
    return NULL;
}

Test(objects_many, writers_at_the_same_time_lose_nothing)
{
    struct office office = office_open(EXCHANGE_2016);
    struct writer writers[4];
    struct object *objects;
    size_t count;

    office_refresh(&office, office.calendar);
    for (int i = 0; i < 4; i++) {
        writers[i] = (struct writer){ .office = &office, .number = i };
        pthread_create(&writers[i].thread, NULL, write_events, &writers[i]);
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(writers[i].thread, NULL);
        cr_expect_eq(writers[i].done, 8, "writer %d: %zu", i, writers[i].done);
    }
    struct office fresh = office_beside(&office, ANN);
    office_refresh(&fresh, fresh.calendar);
    EXPECT_OK(objects_list(&fresh.op, fresh.account, fresh.calendar, &objects,
                           &count));
    cr_expect_eq(count, 4 * 4 + 1);
    office_close(&fresh);
    office_close(&office);
}
