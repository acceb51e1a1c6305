/*
 * demo.c - the mailbox that `postern demo` shows
 *
 * The tables of demo_text.c and demo_notes.c become letters with dates before now;
 * they are put into the mailbox in the order in which they came.
 */
#include "tests/exchange/exchange.h"

#include <stdlib.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "tests/exchange/demo_mail.h"
#include "tests/exchange/demo_objects.h"
#include "tests/exchange/demo_text.h"
#include "tests/exchange/meeting.h"
#include "tests/exchange/model.h"
#include "tests/exchange/stores.h"

#define HOUR 3600

/* A letter and where it lies. */
struct placed {
    struct demo_letter letter;
    const char *folder;
    const char *categories;
    unsigned marks;
};

/* The letters of one mailbox. */
struct pile {
    struct arena *arena;
    int64_t now;
    unsigned first_number;
    struct placed *placed;   /* room for all */
    size_t count;
};

static void pile_init(struct pile *pile, struct arena *arena,
                      unsigned first_number, size_t room)
{
    *pile = (struct pile){ .arena = arena,
                           .now = time_now(),
                           .first_number = first_number };
    pile->placed = arena_array(arena, room, sizeof *pile->placed);
}

/* --- From tables to letters ---------------------------------------------------- */

/* `time` is moved by a few minutes, as people do not write on the hour. */
static struct placed *place(struct pile *pile, const char *folder, int64_t time)
{
    struct placed *placed = &pile->placed[pile->count++];
    placed->folder = folder;
    placed->letter.number = pile->first_number + (unsigned)pile->count;
    placed->letter.time =
        time - 30 - (int64_t)(placed->letter.number * 7919 % 2900);
    return placed;
}

static void add_note(struct pile *pile, const struct demo_note *note)
{
    struct placed *placed =
        place(pile, note->folder, pile->now - (int64_t)note->hours * HOUR);

    placed->marks = note->marks;
    placed->categories = note->categories;
    placed->letter.from = note->from;
    placed->letter.to = note->to;
    placed->letter.shape = note->shape;
    placed->letter.subject = note->subject;
    placed->letter.text = note->text;
    placed->letter.extra = note->extra;
    placed->letter.headers = note->headers;
}

/* The text with what it answers, quoted. */
static const char *with_quote(struct arena *arena, const struct demo_turn *turn,
                              const struct demo_turn *before)
{
    struct buf out;
    buf_init(&out, arena);
    buf_printf(&out, "%s\n\n%s wrote:\n> ", turn->text,
               demo_people[before->from].name);
    for (const char *at = before->text; *at != '\0'; at++) {
        buf_putc(&out, *at);
        if (*at == '\n')
            buf_puts(&out, at[1] == '\n' ? ">" : "> ");
    }
    return out.data;
}

static void add_turn(struct pile *pile, const struct demo_thread *thread,
                     size_t nth, int64_t time, struct buf *references)
{
    const struct demo_turn *turn = &thread->turns[nth];
    bool ours = turn->from == DORA;
    struct placed *placed =
        place(pile, ours ? "sentitems" : thread->folder, time);
    struct demo_letter *letter = &placed->letter;
    bool answered = nth + 1 < DEMO_TURNS && turn[1].text != NULL &&
                    turn[1].from == DORA;

    placed->marks = answered && !ours ? MARK_ANSWERED : 0;
    placed->categories = thread->categories;
    letter->from = turn->from;
    letter->to = ours ? "Anna Lindqvist <anna@postern.example>,\n"
                        " bert@postern.example"
                      : NULL;
    letter->shape = nth % 3 == 1 ? SHAPE_BOTH : SHAPE_PLAIN;
    letter->subject = nth == 0 || str_starts_nocase(thread->subject, "Re: ")
                          ? thread->subject
                          : arena_printf(pile->arena, "Re: %s", thread->subject);
    letter->text = nth == 0 ? turn->text
                            : with_quote(pile->arena, turn, turn - 1);
    letter->references = arena_strdup(pile->arena, references->data);
    buf_printf(references, "%s%s", references->len > 0 ? " " : "",
               demo_message_id(pile->arena, letter));
}

static void add_threads(struct pile *pile)
{
    for (size_t i = 0; i < demo_thread_count; i++) {
        const struct demo_thread *thread = &demo_threads[i];
        int64_t time = pile->now - (int64_t)thread->days * 24 * HOUR;
        struct buf references;

        buf_init(&references, pile->arena);
        for (size_t nth = 0; nth < DEMO_TURNS && thread->turns[nth].text != NULL;
             nth++) {
            time += (int64_t)thread->turns[nth].hours * HOUR;
            add_turn(pile, thread, nth, time < pile->now ? time : pile->now,
                     &references);
        }
    }
}

static void add_issue(struct pile *pile, const struct demo_series *series,
                      unsigned nth)
{
    size_t topics = 0;
    while (series->topics[topics] != NULL)
        topics++;

    /* The newest has the highest number. */
    unsigned number = 100 + series->count - nth;
    const char *topic = series->topics[number % topics];
    struct placed *placed =
        place(pile, series->folder,
              pile->now - (int64_t)(series->first_hours +
                                    nth * series->every_hours) * HOUR);
    struct demo_letter *letter = &placed->letter;

    placed->marks = nth == 0 || nth % 11 == 7 ? MARK_UNREAD : 0;
    placed->categories = series->categories;
    letter->from = series->from;
    letter->shape = series->shape;
    letter->subject =
        arena_printf(pile->arena, series->subject, number, topic);
    letter->text = arena_printf(pile->arena, series->text, number, topic);
    if (series->extra != NULL)
        letter->extra = arena_printf(pile->arena, series->extra, number);
    letter->headers = series->headers;
}

static void add_all_series(struct pile *pile)
{
    for (size_t i = 0; i < demo_series_count; i++)
        for (unsigned nth = 0; nth < demo_series[i].count; nth++)
            add_issue(pile, &demo_series[i], nth);
}

static int compare_times(const void *a, const void *b)
{
    const struct placed *left = a, *right = b;
    if (left->letter.time != right->letter.time)
        return left->letter.time < right->letter.time ? -1 : 1;
    return left->letter.number < right->letter.number ? -1 : 1;
}

static size_t count_letters(void)
{
    size_t count = demo_note_count + demo_thread_count * DEMO_TURNS;
    for (size_t i = 0; i < demo_series_count; i++)
        count += demo_series[i].count;
    return count;
}

static void fill_pile(struct pile *pile)
{
    for (size_t i = 0; i < demo_note_count; i++)
        add_note(pile, &demo_notes[i]);
    add_threads(pile);
    add_all_series(pile);
    qsort(pile->placed, pile->count, sizeof *pile->placed, compare_times);
}

/* --- Into the mailbox -------------------------------------------------------------- */

/* What Outlook notes at a message, by MAPI tag. */
static void set_marks(struct sim_item *item, unsigned marks)
{
    enum { ICON = 0x1080, LAST_VERB = 0x1081, FLAG_STATUS = 0x1090 };

    if ((marks & MARK_FLAGGED) != 0)
        bag_set_number(&item->bag, NULL, FLAG_STATUS, 2);
    if ((marks & MARK_ANSWERED) != 0) {
        bag_set_number(&item->bag, NULL, ICON, 261);
        bag_set_number(&item->bag, NULL, LAST_VERB, 102);
    }
    if ((marks & MARK_FORWARDED) != 0) {
        bag_set_number(&item->bag, NULL, ICON, 262);
        bag_set_number(&item->bag, NULL, LAST_VERB, 104);
    }
}

static uint32_t flags_of(const struct placed *placed)
{
    uint32_t flags = (placed->marks & MARK_UNREAD) != 0 ? 0 : FLAG_READ;
    if ((placed->marks & MARK_DRAFT) != 0)
        flags |= FLAG_UNSENT;
    if (placed->letter.from == DORA)
        flags |= FLAG_FROM_ME;
    return flags;
}

static void put_letter(struct sim_mailbox *mailbox, struct arena *arena,
                       const struct placed *placed)
{
    struct sim_folder *folder = sim_folder_by_path(mailbox, placed->folder);
    struct buf text;
    if (folder == NULL)
        return;

    buf_init(&text, arena);
    demo_mail_write(&text, arena, &placed->letter);
    struct sim_content *content = sim_content_new(text.data, text.len);
    const char *class = sim_item_class_of(content);
    const struct sim_item_template template = {
        .content = content,
        .class = class != NULL ? class : "REPORT.IPM.Note.IPNRN",
        .flags = flags_of(placed),
        .received = placed->letter.time,
        .submitted = TIME_NONE,
        .transported = placed->letter.from != DORA,
    };
    struct sim_item *item = sim_item_add(folder, &template);
    sim_content_unref(&content);

    if (placed->letter.from != DORA)
        attendant_receive(item);
    set_marks(item, placed->marks);
    if (placed->categories != NULL)
        sim_item_set_categories(
            item, (const char *const *)str_split(arena, placed->categories, ";"));
}

static void put_pile(struct exchange *exchange, const char *user,
                     const struct pile *pile)
{
    struct arena *arena = arena_new();

    exchange_lock(exchange);
    struct sim_mailbox *mailbox = sim_store_find(exchange, user);
    for (size_t i = 0; mailbox != NULL && i < pile->count; i++) {
        put_letter(mailbox, arena, &pile->placed[i]);
        arena_reset(arena);
    }
    exchange_unlock(exchange);
    arena_free(&arena);
}

/* The other two have a few letters of their own. */
static void greet(struct exchange *exchange, struct arena *arena,
                  enum demo_person reader)
{
    static const struct demo_note notes[] = {
        { "inbox", 30, CLARA, NULL, SHAPE_BOTH, 0, NULL, "Poster",
          "The printer needs it by Friday.\n\nClara", NULL, NULL },
        { "inbox", 2, DORA, NULL, SHAPE_PLAIN, MARK_UNREAD, NULL, "Flour",
          "Half a sack is yours.\n\nDora", NULL, NULL },
    };
    struct pile pile;

    pile_init(&pile, arena, 10000 * (unsigned)reader, 2);
    for (size_t i = 0; i < 2; i++) {
        add_note(&pile, &notes[i]);
        pile.placed[i].letter.to = demo_people[reader].address;
    }
    put_pile(exchange, demo_people[reader].address, &pile);
}

/* --- Beside the mailbox ---------------------------------------------------------- */

#define DEMO "demo@postern.example"
#define DEMO_ANNA "anna@postern.example"

/* clang-format off */
static const struct {
    const char *store;
    struct demo_note note;
} elsewhere[] = {
    { DEMO "/archive", { "2019/Bread course", 61000, CLARA, NULL, SHAPE_PLAIN, 0, NULL,
      "Who comes on Saturday", "Eight so far, and two who may.\n\nClara", NULL, NULL } },
    { DEMO "/archive", { "2019/Bread course", 60900, EMIL, NULL, SHAPE_HTML, 0, "Bread",
      "Re: Who comes on Saturday", "I bring the rye.\n\nEmil", NULL, NULL } },
    { DEMO "/archive", { "2020", 55000, MILL, NULL, SHAPE_PLAIN, 0, NULL,
      "Prices for the year", "Wheat stays as it is. Rye rises a little.", NULL, NULL } },
    { EXCHANGE_PUBLIC, { "Notice board", 200, HUGO, NULL, SHAPE_PLAIN, 0, NULL,
      "Bicycle found", "A blue one, behind the mill. Ask Hugo.", NULL, NULL } },
    { EXCHANGE_PUBLIC, { "Notice board", 26, FATIMA, NULL, SHAPE_BOTH, 0, NULL,
      "The hall is free on Thursday", "Who wants it?\n\nFatima", NULL, NULL } },
    { EXCHANGE_PUBLIC, { "Notice board/Lost and found", 90, IRINA, NULL, SHAPE_PLAIN, 0, NULL,
      "A scarf", "Red, with a hole.", NULL, NULL } },
    { DEMO_ANNA, { "Rota", 50, ANNA, NULL, SHAPE_PLAIN, MARK_UNREAD, NULL,
      "Week 47", "Monday Dora, Tuesday Bert, the rest is mine.\n\nAnna", NULL, NULL } },
};

static const struct {
    const char *name;
    int colour;
} categories[] = {
    { "Bread", 1 }, { "Oven", 0 }, { "Market", 4 }, { "Blue category", 7 },
};
/* clang-format on */

/* An archive, public folders, and what Anna lets the demo user see: her inbox
 * to read, and a folder that both write into. */
static void add_stores(struct exchange *exchange, struct arena *arena)
{
    static const char *const folders[] = { "Notice board",
                                           "Notice board/Lost and found" };

    exchange_add_archive(exchange, DEMO);
    exchange_add_folder(exchange, DEMO "/archive", "2019/Bread course");
    exchange_add_folder(exchange, DEMO "/archive", "2020");
    for (size_t i = 0; i < 2; i++)
        exchange_add_public_folder(exchange, folders[i]);
    exchange_add_folder(exchange, DEMO_ANNA, "Rota");
    exchange_grant(exchange, DEMO_ANNA, "INBOX", DEMO, "Reviewer");
    exchange_grant(exchange, DEMO_ANNA, "Rota", DEMO, "Editor");
    for (size_t i = 0; i < sizeof categories / sizeof *categories; i++)
        exchange_add_category(exchange, DEMO, categories[i].name,
                              categories[i].colour);
    for (size_t i = 0; i < sizeof elsewhere / sizeof *elsewhere; i++) {
        struct pile pile;

        pile_init(&pile, arena, 90000 + (unsigned)i, 1);
        add_note(&pile, &elsewhere[i].note);
        put_pile(exchange, elsewhere[i].store, &pile);
    }
}

void exchange_add_demo(struct exchange *exchange)
{
    struct arena *arena = arena_new();
    struct pile pile;

    for (enum demo_person person = DORA; person <= BERT; person++)
        exchange_add_user(exchange, demo_people[person].address,
                          demo_people[person].name, "demo", "en");
    for (size_t i = 0; i < demo_folder_count; i++)
        exchange_add_folder(exchange, demo_people[DORA].address,
                            demo_folders[i]);
    pile_init(&pile, arena, 1000, count_letters());
    fill_pile(&pile);
    put_pile(exchange, demo_people[DORA].address, &pile);
    greet(exchange, arena, ANNA);
    greet(exchange, arena, BERT);
    add_stores(exchange, arena);
    demo_add_objects(exchange);
    arena_free(&arena);
}
