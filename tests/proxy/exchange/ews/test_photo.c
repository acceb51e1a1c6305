/*
 * test_photo.c - pictures of people
 */
#include <criterion/criterion.h>
#include <string.h>

#include "proxy/base/buf.h"
#include "tests/proxy/exchange/ews/scene.h"

#define ANN                                                                    \
    "<t:Mailbox><t:Name>Ann</t:Name><t:EmailAddress>ann@example.com"           \
    "</t:EmailAddress></t:Mailbox>"

/* clang-format off */
static const struct {
    unsigned pixels;
    const char *size;
} sizes[] = {
    { 0, ">HR48x48<" }, { 48, ">HR48x48<" }, { 49, ">HR64x64<" }, { 96, ">HR96x96<" },
    { 200, ">HR240x240<" }, { 648, ">HR648x648<" }, { 5000, ">HR648x648<" },
};

static const struct {
    const char *name;
    const char *data; /* NULL: no element */
    const char *type; /* NULL: there is none */
} pictures[] = {
    { "a photograph",     "/9j/4A==",     "image/jpeg" },
    { "a drawing",        "iVBORw0KGgo=", "image/png" },
    { "none",             NULL,           NULL },
    { "an empty one",     "",             NULL },
    { "something else",   "aGVsbG8=",     NULL },
    { "a broken one",     "/9j/4",        NULL },
};
/* clang-format on */

static enum status photo(struct scene *s, unsigned pixels, const char **type)
{
    const void *data;
    size_t len;
    enum status status = ews_backend.directory->photo(
        s->op, s->remote, "ann@example.com", pixels, &data, &len, type);

    cr_expect_eq(status == STATUS_OK, data != NULL && *type != NULL);
    return status;
}

Test(ews_photo, asks_for_a_picture_that_is_large_enough)
{
    const char *type;
    struct scene s;

    scene_begin(&s, BUILD_2013);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        cr_expect_eq(photo(&s, sizes[i].pixels, &type), STATUS_OK);
        cr_expect_not_null(strstr(scene_body(&s), sizes[i].size), "%u",
                           sizes[i].pixels);
    }
    scene_end(&s);
}

static void show(const char *build, size_t i)
{
    bool old = strcmp(build, BUILD_2010_SP3) == 0;
    const char *element = old ? "t:Photo" : "m:PictureData";
    const char *type;
    struct scene s;
    struct buf text;

    buf_init(&text, NULL);
    if (old)
        buf_puts(&text, "<m:ResolutionSet><t:Resolution>" ANN "<t:Contact>");
    else
        buf_puts(&text, "<m:HasChanged>true</m:HasChanged>");
    if (pictures[i].data != NULL)
        buf_printf(&text, "<%s>%s</%s>", element, pictures[i].data, element);
    if (old)
        buf_puts(&text, "</t:Contact></t:Resolution></m:ResolutionSet>");
    scene_begin(&s, build);
    scene_say(&s, old ? "ResolveNames" : "GetUserPhoto", text.data);
    cr_expect_eq(photo(&s, 96, &type),
                 pictures[i].type != NULL ? STATUS_OK : STATUS_NOT_FOUND, "%s",
                 pictures[i].name);
    if (pictures[i].type != NULL)
        cr_expect_str_eq(type, pictures[i].type, "%s", pictures[i].name);
    cr_expect_eq(s.calls, 1);
    scene_end(&s);
    buf_fini(&text);
}

Test(ews_photo, shows_pictures_and_nothing_else)
{
    for (size_t i = 0; i < sizeof pictures / sizeof *pictures; i++) {
        show(BUILD_2016, i);
        show(BUILD_2010_SP3, i);
    }
}

Test(ews_photo, takes_404_and_500_for_nobody_s_picture)
{
    const char *type;
    struct scene s;

    scene_begin(&s, BUILD_2016);
    scene_say_page(&s, "GetUserPhoto", 404);
    scene_say_page(&s, "GetUserPhoto", 500);
    scene_say_page(&s, "GetUserPhoto", 403);
    cr_expect_eq(photo(&s, 96, &type), STATUS_NOT_FOUND);
    cr_expect_eq(photo(&s, 96, &type), STATUS_NOT_FOUND);
    cr_expect_eq(photo(&s, 96, &type), STATUS_AUTH_DISABLED);
    cr_expect_eq(s.calls, 3);
    scene_end(&s);
}
