/*
 * test_objects.c - events, tasks and contacts in the index
 */
#include "proxy/exchange/index/objects.h"

#include <criterion/criterion.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "tests/proxy/exchange/index/place.h"

static struct remote_object_delta here(const char *id, const char *change_key,
                                       const char *name)
{
    return (struct remote_object_delta){
        .object = { .id = id,
                    .change_key = change_key,
                    .kind = REMOTE_EVENT,
                    .name = name },
    };
}

static struct remote_object_delta gone(const char *id)
{
    return (struct remote_object_delta){ .gone = true, .object = { .id = id } };
}

static bool page(struct place *place, const struct remote_object_delta deltas[],
                 size_t count)
{
    struct remote_object_page one = { deltas, count, "state", true };
    bool changed = false;

    cr_assert(index_objects_page(&place->op, place->index, place->folder, &one,
                                 &changed) == STATUS_OK);
    return changed;
}

static struct index_object find(struct place *place, const char *name)
{
    struct index_object object;

    cr_assert(index_objects_find(&place->op, place->index, place->folder, &name,
                                 1, &object) == STATUS_OK);
    return object;
}

static struct index_object_marks marks(struct place *place)
{
    struct index_object_marks found = { 0 };

    cr_assert(index_object_marks(&place->op, place->index, place->folder,
                                 &found) == STATUS_OK);
    return found;
}

static void since(struct place *place, uint64_t revision, size_t *changed,
                  size_t *lost)
{
    struct index_object *objects;
    struct index_object_gone *names;

    cr_assert(index_objects_since(&place->op, place->index, place->folder,
                                  revision, &objects, changed, &names,
                                  lost) == STATUS_OK);
}

Test(index_objects, calls_objects_as_their_clients_do)
{
    struct place place = place_new();
    struct remote_object_delta deltas[] = {
        here("1", "a", "lunch.ics"),
        here("2", "a", "Lunch.EML"), /* Exchange's own idea */
        here("3", "a", NULL),
        here("4", "a", "../up.ics"),
        here("5", "a", "lunch.ics"), /* a copy has the same */
    };
    struct index_object *objects;
    size_t count;

    page(&place, deltas, 5);
    cr_expect(str_equal(find(&place, "lunch.ics").remote, "1"));
    cr_expect(find(&place, "Lunch.EML").row == 0);
    cr_expect(find(&place, "../up.ics").row == 0);
    index_objects(&place.op, place.index, place.folder, &objects, &count);
    cr_expect(count == 5);
    for (size_t i = 0; i < count; i++)
        cr_expect(str_ends_nocase(objects[i].name, ".ics"));
    place_drop(&place);
}

/* Exchange copies a task that is done, with its name, and may tell of the copy
 * first. */
Test(index_objects, leaves_a_name_to_what_has_had_it_before)
{
    struct place place = place_new();
    struct remote_object_delta both[] = { here("copy", "b", "water.ics"),
                                          here("first", "b", "water.ics") };
    struct index_object_write write = { .name = "water.ics",
                                        .remote = "first",
                                        .change_key = "a",
                                        .kind = REMOTE_TASK,
                                        .uid = "water" };
    struct index_object made;

    page(&place, NULL, 0);
    cr_assert(index_object_write(&place.op, place.index, place.folder, &write,
                                 &made) == STATUS_OK);
    page(&place, both, 2);
    cr_expect_str_eq(find(&place, "water.ics").remote, "first");
    place_drop(&place);
}

Test(index_objects, names_what_has_no_name_the_same_each_time)
{
    struct place a = place_new(), b = place_new();
    struct remote_object_delta delta = here("AAMk=", "a", NULL);
    struct index_object *one, *other;
    size_t count;

    page(&a, &delta, 1);
    page(&b, &delta, 1);
    index_objects(&a.op, a.index, a.folder, &one, &count);
    index_objects(&b.op, b.index, b.folder, &other, &count);
    cr_expect(str_equal(one->name, other->name));
    place_drop(&a);
    place_drop(&b);
}

Test(index_objects,
     Two_edits_within_one_second_must_give_different_ETags_and_a_different_tag)
{
    struct place place = place_new();
    struct remote_object_delta first = here("1", "a", "x.ics");
    struct remote_object_delta second = here("1", "b", "x.ics");
    struct remote_object_delta third = here("1", "c", "x.ics");

    page(&place, &first, 1);
    page(&place, &second, 1);
    uint64_t before = find(&place, "x.ics").revision;
    uint64_t tag = marks(&place).revision;
    page(&place, &third, 1);
    cr_expect(find(&place, "x.ics").revision > before);
    cr_expect(marks(&place).revision > tag);
    place_drop(&place);
}

Test(index_objects, sees_no_change_in_the_same_change_key)
{
    struct place place = place_new();
    struct remote_object_delta delta = here("1", "a", "x.ics");

    cr_expect(page(&place, &delta, 1));
    uint64_t tag = marks(&place).revision;
    cr_expect(!page(&place, &delta, 1));
    cr_expect(marks(&place).revision == tag);
    place_drop(&place);
}

Test(index_objects, tells_what_has_changed_and_gone_since_a_revision)
{
    struct place place = place_new();
    struct remote_object_delta both[] = { here("1", "a", "x.ics"),
                                          here("2", "a", "y.ics") };
    struct remote_object_delta changed = here("1", "b", "x.ics");
    struct remote_object_delta removed = gone("2");
    size_t more, less;

    page(&place, both, 2);
    uint64_t start = marks(&place).revision;
    page(&place, &changed, 1);
    page(&place, &removed, 1);
    since(&place, start, &more, &less);
    cr_expect(more == 1 && less == 1, "%zu %zu", more, less);
    since(&place, marks(&place).revision, &more, &less);
    cr_expect(more == 0 && less == 0);
    place_drop(&place);
}

Test(index_objects, takes_a_name_back_from_the_gone)
{
    struct place place = place_new();
    struct remote_object_delta first = here("1", "a", "x.ics");
    struct remote_object_delta removed = gone("1");
    struct remote_object_delta again = here("9", "a", "x.ics");
    size_t more, less;

    page(&place, &first, 1);
    uint64_t start = marks(&place).revision;
    page(&place, &removed, 1);
    page(&place, &again, 1);
    since(&place, start, &more, &less);
    cr_expect(more == 1 && less == 0, "%zu %zu", more, less);
    place_drop(&place);
}

Test(index_objects, says_that_it_does_not_know_what_went_long_ago)
{
    struct place place = place_new();
    struct index_object *objects;
    struct index_object_gone *names;
    size_t more, less;

    index_limit_tombstones(place.index, 2, 3600);
    struct remote_object_delta start = here("0", "a", "0.ics");
    page(&place, &start, 1);
    uint64_t since = marks(&place).revision;
    for (int i = 1; i <= 5; i++) {
        const char *id = arena_printf(place.arena, "%d", i);
        const char *name = arena_printf(place.arena, "%d.ics", i);
        struct remote_object_delta come = here(id, "a", name), go = gone(id);

        page(&place, &come, 1);
        page(&place, &go, 1);
    }
    cr_expect(index_objects_since(&place.op, place.index, place.folder, since,
                                  &objects, &more, &names,
                                  &less) == STATUS_STALE);
    cr_expect(index_objects_since(&place.op, place.index, place.folder,
                                  marks(&place).revision + 1, &objects, &more,
                                  &names, &less) == STATUS_STALE);
    place_drop(&place);
}

Test(index_objects, lets_go_of_what_a_reading_from_the_beginning_misses)
{
    struct place place = place_new();
    struct remote_object_delta both[] = { here("1", "a", "x.ics"),
                                          here("2", "a", "y.ics") };

    page(&place, both, 2);
    cr_assert(index_objects_restart(&place.op, place.index, place.folder) ==
              STATUS_OK);
    page(&place, both, 1);
    cr_expect(find(&place, "x.ics").row != 0);
    cr_expect(find(&place, "y.ics").row == 0);
    place_drop(&place);
}

Test(index_objects, forgets_the_text_of_what_has_changed)
{
    struct place place = place_new();
    struct remote_object_delta first = here("1", "a", "x.ics");
    struct remote_object_delta second = here("1", "b", "x.ics");
    const char *text, *kept;

    page(&place, &first, 1);
    int64_t row = find(&place, "x.ics").row;
    struct index_object_content content = {
        .row = row, .change_key = "a", .uid = "u", .text = "BEGIN:VCALENDAR"
    };
    uint64_t before = find(&place, "x.ics").revision;
    cr_assert(index_object_keep(&place.op, place.index, &content, 1) ==
              STATUS_OK);
    cr_expect(find(&place, "x.ics").revision == before);
    index_object_text(&place.op, place.index, row, &text, &kept);
    cr_expect(str_equal(text, "BEGIN:VCALENDAR"));
    page(&place, &second, 1);
    index_object_text(&place.op, place.index, row, &text, &kept);
    cr_expect(text == NULL);
    place_drop(&place);
}

Test(index_objects, buries_the_name_of_what_is_renamed)
{
    struct place place = place_new();
    struct remote_object_delta first = here("1", "a", NULL);
    struct index_object *objects, written;
    size_t count, more, less;

    page(&place, &first, 1);
    index_objects(&place.op, place.index, place.folder, &objects, &count);
    uint64_t start = marks(&place).revision;
    struct index_object_write write = { .row = objects->row,
                                        .remote = "1",
                                        .change_key = "b",
                                        .name = "mine.ics",
                                        .uid = "u" };
    cr_assert(index_object_write(&place.op, place.index, place.folder, &write,
                                 &written) == STATUS_OK);
    cr_expect(str_equal(written.name, "mine.ics") && written.named);
    since(&place, start, &more, &less);
    cr_expect(more == 1 && less == 1, "%zu %zu", more, less);
    place_drop(&place);
}

Test(index_objects, keeps_what_clients_say_of_folders_and_objects)
{
    struct place place = place_new();
    struct object_property set[] = { { "color", "#ff0000" }, { "order", "1" } };
    struct object_property unset = { "order", NULL };
    struct object_property *found;
    size_t count;

    index_set_properties(&place.op, place.index, place.folder, NULL, set, 2);
    index_set_properties(&place.op, place.index, place.folder, "x.ics", set, 1);
    index_set_properties(&place.op, place.index, place.folder, NULL, &unset, 1);
    index_properties(&place.op, place.index, place.folder, NULL, &found,
                     &count);
    cr_expect(count == 1 && str_equal(found->value, "#ff0000"));
    index_properties(&place.op, place.index, place.folder, "x.ics", &found,
                     &count);
    cr_expect(count == 1);
    place_drop(&place);
}

Test(index_objects, gives_each_change_a_revision_of_its_own)
{
    struct place place = place_new();
    struct remote_object_delta all[] = { here("1", "a", "x.ics"),
                                         here("2", "a", "y.ics"),
                                         here("3", "a", "z.ics") };
    struct remote_object_delta two[] = { gone("1"), here("2", "b", "y.ics") };
    struct index_object *objects;
    struct index_object_gone *names;
    size_t more, less;

    uint64_t start = marks(&place).revision;
    page(&place, all, 3);
    page(&place, two, 2);
    cr_assert(index_objects_since(&place.op, place.index, place.folder, 0,
                                  &objects, &more, &names, &less) == STATUS_OK);
    cr_assert(more == 2 && less == 1);
    cr_expect(objects[0].revision != objects[1].revision);
    cr_expect(names[0].revision != objects[0].revision &&
              names[0].revision != objects[1].revision);
    cr_expect(marks(&place).revision == start + 5);
    place_drop(&place);
}

Test(index_objects, takes_no_change_of_another_for_a_write_of_ours)
{
    struct place place = place_new();
    struct remote_object_delta first = here("1", "a", "x.ics");
    struct remote_object_delta theirs = here("1", "c", "x.ics");
    struct index_object written;

    page(&place, &first, 1);
    struct index_object_write write = { .row = find(&place, "x.ics").row,
                                        .remote = "1",
                                        .change_key = "a",
                                        .uid = "u" };
    cr_assert(index_object_write(&place.op, place.index, place.folder, &write,
                                 &written) == STATUS_OK);
    cr_expect(page(&place, &theirs, 1));
    struct index_object now = find(&place, "x.ics");
    cr_expect(now.revision > written.revision);
    cr_expect(now.schedule > written.schedule);
    place_drop(&place);
}

static int64_t make(struct place *place, int64_t row, const char *remote)
{
    struct index_object_write write = { .row = row,
                                        .remote = remote,
                                        .change_key = "a",
                                        .name = "mine.ics",
                                        .uid = "u" };
    struct index_object written;

    cr_assert(index_object_write(&place->op, place->index, place->folder,
                                 &write, &written) == STATUS_OK);
    return written.row;
}

Test(index_objects, removes_what_was_made_here_and_is_gone_before_a_look)
{
    struct place place = place_new();
    struct remote_object_delta other = here("1", "a", "x.ics");
    struct remote_object_delta mine = here("2", "a", "mine.ics");
    size_t more, less;

    page(&place, &other, 1);
    make(&place, 0, "2");
    uint64_t start = marks(&place).revision;
    cr_expect(page(&place, NULL, 0));
    cr_expect(find(&place, "mine.ics").row == 0);
    cr_expect(find(&place, "x.ics").row != 0);
    since(&place, start, &more, &less);
    cr_expect(more == 0 && less == 1);

    int64_t row = make(&place, 0, "2");
    cr_expect(!page(&place, &mine, 1));
    cr_expect(!page(&place, NULL, 0));
    cr_expect(find(&place, "mine.ics").row == row);
    make(&place, row, "2");
    cr_expect(!page(&place, NULL, 0), "a change is no making");
    make(&place, row, "3");
    cr_expect(page(&place, NULL, 0), "it has another id");
    cr_expect(find(&place, "mine.ics").row == 0);
    place_drop(&place);
}

Test(index_objects, does_not_bring_back_what_a_write_has_overtaken)
{
    struct place place = place_new();
    struct remote_object_delta first = here("1", "a", "x.ics");
    struct remote_object_delta second = here("1", "b", "x.ics");
    const char *text, *kept;

    page(&place, &first, 1);
    struct index_object asked = find(&place, "x.ics");
    struct index_object_content content = { .row = asked.row,
                                            .revision = asked.revision,
                                            .change_key = "a",
                                            .uid = "u",
                                            .text = "BEGIN:VCALENDAR" };
    page(&place, &second, 1);
    uint64_t written = find(&place, "x.ics").revision;
    cr_assert(index_object_keep(&place.op, place.index, &content, 1) ==
              STATUS_OK);
    cr_expect(str_equal(find(&place, "x.ics").change_key, "b"));
    cr_expect(find(&place, "x.ics").revision == written);
    index_object_text(&place.op, place.index, asked.row, &text, &kept);
    cr_expect(text == NULL);

    content.change_key = "b";
    cr_assert(index_object_keep(&place.op, place.index, &content, 1) ==
              STATUS_OK);
    index_object_text(&place.op, place.index, asked.row, &text, &kept);
    cr_expect(text != NULL, "it is of that write");
    place_drop(&place);
}
