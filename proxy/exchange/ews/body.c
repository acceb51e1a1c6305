/*
 * body.c - see body.h
 */
#include "proxy/exchange/ews/body.h"

#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/format/html_text.h"

/* A copy with \n for each line end, and none at its end. */
static const char *with_newlines(struct arena *arena, const char *text)
{
    char *copy = arena_strdup(arena, text), *to = copy;

    for (; *text != '\0'; text++)
        if (*text != '\r')
            *to++ = *text;
        else if (text[1] != '\n')
            *to++ = '\n';
    while (to > copy && (to[-1] == '\n' || to[-1] == ' '))
        to--;
    *to = '\0';
    return *copy != '\0' ? copy : NULL;
}

void body_read(struct arena *arena, const struct xml_node *node,
               const char **text_out, const char **html_out)
{
    *text_out = NULL;
    *html_out = NULL;
    if (node == NULL || *node->text == '\0')
        return;
    if (!str_equal(xml_value(node, "BodyType"), "HTML")) {
        *text_out = with_newlines(arena, node->text);
        return;
    }
    *text_out = html_lines(arena, node->text);
    if (**text_out == '\0')
        *text_out = NULL;
    /* Exchange makes an empty page where somebody has looked at nothing. */
    if (*text_out != NULL || strcasestr(node->text, "<img") != NULL)
        *html_out = arena_strdup(arena, node->text);
}
