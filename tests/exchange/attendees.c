/*
 * attendees.c - who is invited: kept as texts of six parts between tabs
 */
#include "tests/exchange/calendar.h"

#include <stdlib.h>
#include <string.h>

#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "tests/exchange/form.h"

#define PARTS 6

static struct property_key key_of(uint32_t role)
{
    return (struct property_key){ SET_HIDDEN, role, NULL, TYPE_STRING_ARRAY };
}

/* Cuts a copy of the text at its tabs. */
static void split(char *text, char *parts[PARTS])
{
    for (int i = 0; i < PARTS; i++) {
        size_t len = strcspn(text, "\t");
        bool more = text[len] == '\t';

        parts[i] = text;
        text[len] = '\0';
        text += len + (more ? 1 : 0);
    }
}

static int64_t to_time(const char *text)
{
    return *text == '\0' ? TIME_NONE : strtoll(text, NULL, 10);
}

struct sim_attendee *attendees_of(struct arena *arena,
                                  const struct sim_item *item, uint32_t role,
                                  size_t *count)
{
    struct property_key key = key_of(role);
    const struct property *kept = bag_find(&item->bag, &key);
    struct sim_attendee *attendees;

    *count = kept == NULL ? 0 : kept->count;
    attendees = arena_array(arena, *count + 1, sizeof *attendees);
    for (size_t i = 0; i < *count; i++) {
        char *parts[PARTS];

        split(arena_strdup(arena, kept->texts[i]), parts);
        attendees[i] = (struct sim_attendee){
            .address = parts[0],
            .name = parts[1],
            .response = (enum sim_response)atoi(parts[2]),
            .replied = to_time(parts[3]),
            .proposed_start = to_time(parts[4]),
            .proposed_end = to_time(parts[5]),
        };
    }
    return attendees;
}

static const char *time_text(struct arena *arena, int64_t time)
{
    return time == TIME_NONE ? ""
                             : arena_printf(arena, "%lld", (long long)time);
}

void attendees_set(struct sim_item *item, uint32_t role,
                   const struct sim_attendee attendees[], size_t count)
{
    struct arena *arena = arena_new();
    struct property_key key = key_of(role);
    const char **texts = arena_array(arena, count + 1, sizeof *texts);

    for (size_t i = 0; i < count; i++)
        texts[i] =
            arena_printf(arena, "%s\t%s\t%d\t%s\t%s\t%s", attendees[i].address,
                         attendees[i].name, attendees[i].response,
                         time_text(arena, attendees[i].replied),
                         time_text(arena, attendees[i].proposed_start),
                         time_text(arena, attendees[i].proposed_end));
    if (count == 0)
        bag_remove(&item->bag, &key);
    else
        bag_set(&item->bag, &key, texts, count);
    arena_free(&arena);
}
