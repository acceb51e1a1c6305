/*
 * args.c - reads the arguments of MAIL and RCPT (RFC 5321, 4.1.2)
 */
#include "smtp/args.h"

#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/base/utf8.h"

/* RFC 5321, 4.5.3.1: 64 for the local part, 255 for the domain, and "@". */
#define PATH_MAX_LEN 320

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_alphanumeric(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_high(char c)
{
    return (unsigned char)c >= 0x80;
}

static bool is_printable(char c)
{
    return c >= ' ' && c <= '~';
}

/* RFC 5322, 3.2.3, and RFC 6532, 3.2 */
static bool is_atext(char c)
{
    return is_alphanumeric(c) || is_high(c) ||
           (c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~", c) != NULL);
}

/* An underscore is in no host's name and in many a domain. */
static bool is_domain_character(char c)
{
    return is_alphanumeric(c) || is_high(c) || c == '-' || c == '_';
}

bool smtp_args_word(struct smtp_args *args, const char *word)
{
    if (!str_starts_nocase(args->at, word))
        return false;
    args->at += strlen(word);
    while (*args->at == ' ')
        args->at++;
    return true;
}

/* Words of one kind of character with single dots between them. */
static bool skip_dotted(const char **at, bool (*is_member)(char c))
{
    for (;;) {
        if (!is_member(**at))
            return false;
        while (is_member(**at))
            (*at)++;
        if (**at != '.')
            return true;
        (*at)++;
    }
}

static bool skip_quoted(const char **at)
{
    const char *p = *at + 1;

    while (*p != '"') {
        if (*p == '\\')
            p++;
        if (!is_printable(*p) && !is_high(*p))
            return false;
        p++;
    }
    *at = p + 1;
    return true;
}

static bool skip_literal(const char **at)
{
    const char *p = *at + 1;

    while (is_alphanumeric(*p) || (*p != '\0' && strchr(".:-", *p) != NULL))
        p++;
    if (*p != ']' || p == *at + 1)
        return false;
    *at = p + 1;
    return true;
}

static bool skip_domain(const char **at)
{
    return **at == '[' ? skip_literal(at)
                       : skip_dotted(at, is_domain_character);
}

static bool skip_mailbox(const char **at)
{
    bool has_local = **at == '"' ? skip_quoted(at) : skip_dotted(at, is_atext);

    if (!has_local || **at != '@')
        return false;
    (*at)++;
    return skip_domain(at);
}

/* "@one.example,@two.example:" says how mail travelled in the eighties. */
static bool skip_route(const char **at)
{
    while (**at == '@') {
        (*at)++;
        if (!skip_domain(at) || (**at != ',' && **at != ':'))
            return false;
        if (*(*at)++ == ':')
            return true;
    }
    return false;
}

bool smtp_args_path(struct smtp_args *args, struct smtp_path *path_out)
{
    const char *at = args->at;

    if (*at++ != '<' || (*at == '@' && !skip_route(&at)))
        return false;

    /* RFC 5321, 4.1.1.3: the postmaster is known without a domain. */
    const char *start = at;
    if (str_starts_nocase(at, "postmaster>"))
        at += strlen("postmaster");
    else if (*at != '>' && !skip_mailbox(&at))
        return false;

    size_t len = (size_t)(at - start);
    if (*at++ != '>' || len > PATH_MAX_LEN || !utf8_valid(start, len))
        return false;

    path_out->address = arena_strndup(args->arena, start, len);
    path_out->is_utf8 = false;
    for (size_t i = 0; i < len; i++)
        path_out->is_utf8 |= is_high(start[i]);
    args->at = at;
    return *at == '\0' || *at == ' ';
}

/* Takes " NAME" or " NAME=value" and ends each with NUL. */
static bool take_parameter(struct smtp_args *args, char **name_out,
                           char **value_out)
{
    while (*args->at == ' ')
        args->at++;

    size_t len = strcspn(args->at, " ");
    *name_out = arena_strndup(args->arena, args->at, len);
    args->at += len;

    *value_out = strchr(*name_out, '=');
    if (*value_out != NULL)
        *(*value_out)++ = '\0';
    return **name_out != '\0';
}

enum smtp_parameters smtp_args_parameters(struct smtp_args *args,
                                          const struct smtp_parameter *table,
                                          void *request)
{
    unsigned seen = 0;
    char *name;
    char *value;

    while (take_parameter(args, &name, &value)) {
        size_t i = 0;

        while (table[i].name != NULL && !str_equal_nocase(table[i].name, name))
            i++;
        if (table[i].name == NULL)
            return SMTP_PARAMETERS_UNKNOWN;
        if ((seen & 1u << i) != 0 ||
            !table[i].read(args->arena, request, value))
            return SMTP_PARAMETERS_BAD;
        seen |= 1u << i;
    }
    return *name == '\0' && value != NULL ? SMTP_PARAMETERS_BAD
                                          : SMTP_PARAMETERS_GOOD;
}

static bool is_upper_hex(char c)
{
    return is_digit(c) || (c >= 'A' && c <= 'F');
}

bool smtp_args_is_xtext(const char *text, size_t max)
{
    size_t len = 0;

    for (; *text != '\0'; text++, len++) {
        if (*text <= ' ' || *text > '~' || *text == '=')
            return false;
        if (*text == '+') {
            if (!is_upper_hex(text[1]) || !is_upper_hex(text[2]))
                return false;
            text += 2;
        }
    }
    return len <= max;
}
