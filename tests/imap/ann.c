/*
 * ann.c - ann, logged in within a world of her own: what most tests begin with
 */
#include "tests/imap/ann.h"

#include <criterion/criterion.h>

struct imap_world *world;
struct imap_client *ann;
struct imap_client *other;

void ann_begin(void)
{
    world = imap_world_new();
    ann = imap_client_ann(world);
}

void ann_end(void)
{
    imap_client_free(&ann);
    imap_client_free(&other);
    imap_world_free(&world);
}

void ann_expect(const char *command, const char *answer)
{
    const char *heard = imap_client_say(ann, "a %s\n", command);

    cr_expect_str_eq(heard, answer, "%s: %s", command, heard);
}

void ann_expect_like(const char *said, const char *pattern)
{
    const char *heard = imap_client_say(ann, "%s", said);

    cr_expect(imap_is_like(heard, pattern), "%s%s", said, heard);
}
