/*
 * test_subscriptions.c - tests of what the index knows of subscribed names
 */
#include <criterion/criterion.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "tests/proxy/exchange/index/place.h"

static struct place place;

static void begin(void)
{
    place = place_new();
}

static void end(void)
{
    place_drop(&place);
}

TestSuite(subscriptions, .init = begin, .fini = end);

/* Exchange tells of a folder of the mailbox. */
static int64_t tell(const char *remote, const char *parent,
                    enum folder_kind kind)
{
    const struct remote_folder_change change = { .folder = { .id = remote,
                                                             .parent = parent,
                                                             .name = remote,
                                                             .kind = kind } };
    struct index_folder *folders;
    size_t count;
    bool changed = false;

    index_folders_page(&place.op, place.index, &change, 1, "state", false,
                       &changed);
    index_folders(&place.op, place.index, &folders, &count);
    return folders[count - 1].id;
}

static void show(const struct index_showing *showings, size_t count)
{
    cr_expect_eq(index_shown(&place.op, place.index, showings, count),
                 STATUS_OK);
}

static void expect(const char *names)
{
    const char **list;
    size_t count;
    struct buf text;

    cr_expect_eq(index_names(&place.op, place.index, &list, &count), STATUS_OK);
    buf_init(&text, place.op.arena);
    buf_puts(&text, "");
    for (size_t i = 0; i < count; i++)
        buf_printf(&text, "%s ", list[i]);
    cr_expect_str_eq(text.data, names);
}

Test(subscriptions, come_by_themselves_with_folders_of_mail)
{
    int64_t mail = tell("mail", NULL, FOLDER_MAIL);
    int64_t days = tell("days", NULL, FOLDER_CALENDAR);

    show((struct index_showing[]){ { mail, NULL, "mail", false },
                                   { days, NULL, "days", false } },
         2);
    expect("mail ");
}

Test(subscriptions, are_not_shown_twice)
{
    int64_t mail = tell("mail", NULL, FOLDER_MAIL);
    struct index_folder folder;

    show(&(struct index_showing){ mail, NULL, "mail", false }, 1);
    index_name_subscribe(&place.op, place.index, "mail", false);
    /* Somebody who has looked at the tree before it was noted. */
    show(&(struct index_showing){ mail, NULL, "mail", false }, 1);
    expect("");
    index_folder(&place.op, place.index, mail, &folder);
    cr_expect_str_eq(folder.shown, "mail");
}

Test(subscriptions, go_along_with_folders_that_change_names)
{
    int64_t a = tell("a", NULL, FOLDER_MAIL);
    int64_t b = tell("b", NULL, FOLDER_MAIL);

    show((struct index_showing[]){ { a, NULL, "a", false },
                                   { b, NULL, "b", false } },
         2);
    index_name_subscribe(&place.op, place.index, "b", false);
    show((struct index_showing[]){ { a, "a", "b", false },
                                   { b, "b", "a", false } },
         2);
    expect("b ");
    show(&(struct index_showing){ a, "b", "trash", true }, 1);
    expect("b ");
}

Test(subscriptions, are_taken_back_from_a_folder_that_a_client_has_made)
{
    const struct remote_folder made = { .id = "made", .name = "made" };
    int64_t id = tell("made", NULL, FOLDER_MAIL), same;

    /* Exchange has told of it before it has answered. */
    show(&(struct index_showing){ id, NULL, "made", false }, 1);
    expect("made ");
    index_folder_add(&place.op, place.index, &made, &same);
    cr_expect_eq(same, id);
    expect("");
}

Test(subscriptions, stay_with_a_name_that_was_subscribed_before)
{
    const struct remote_folder made = { .id = "made", .name = "made" };
    int64_t id, same;

    index_name_subscribe(&place.op, place.index, "made", true);
    id = tell("made", NULL, FOLDER_MAIL);
    show(&(struct index_showing){ id, NULL, "made", false }, 1);
    index_folder_add(&place.op, place.index, &made, &same);
    expect("made ");
}

Test(subscriptions, stay_with_the_names_that_a_client_takes_away)
{
    int64_t a = tell("a", NULL, FOLDER_MAIL);
    int64_t b = tell("b", "a", FOLDER_MAIL);
    struct index_folder folder;

    show((struct index_showing[]){ { a, NULL, "a", false },
                                   { b, NULL, "a/b", false } },
         2);
    index_folder_rename(&place.op, place.index, a, "c", NULL);
    index_folder(&place.op, place.index, b, &folder);
    cr_expect_null(folder.shown);
    show((struct index_showing[]){ { a, NULL, "c", false },
                                   { b, NULL, "c/b", false } },
         2);
    expect("a a/b ");
}

Test(subscriptions, stay_when_the_folder_goes_and_the_gateway_restarts)
{
    int64_t a = tell("a", NULL, FOLDER_MAIL);

    show(&(struct index_showing){ a, NULL, "a", false }, 1);
    index_folder_remove(&place.op, place.index, a);
    index_close(&place.index);
    place_open(&place);
    expect("a ");
}
