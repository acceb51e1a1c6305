/*
 * vcard_corpus.c - the tables, and cards out of them
 */
#include "tests/format/vcard_corpus.h"

#include <stdio.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"

/* A red dot. */
#define PNG                                                                    \
    "iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4//8/w38GIAXD" \
    "IBKE0DHxgljNBAAO9TXL0Y4OHwAAAABJRU5ErkJggg=="

/* Who somebody is, in version 3; 2.1 and 4 say it in their own way. */
static const struct person {
    const char *who;
    const char *fn;
    const char *n;
    const char *quoted; /* as 2.1 writes FN, quoted-printable; NULL: as it is */
} people[] = {
    /* clang-format off */
    { "two names",       "Ann Example",             "Example;Ann;;;",                   NULL },
    { "five names",      "Dr. Ann B. Example Jr.",  "Example;Ann;B.;Dr.;Jr.",           NULL },
    { "one name",        "Cher",                    ";Cher;;;",                         NULL },
    { "a surname",       "Example",                 "Example;;;;",                      NULL },
    { "a comma",         "Example\\, Ann",          "Example;Ann\\, the first;;;",      NULL },
    { "umlauts",         "J\xC3\xB6rg M\xC3\xBCller", "M\xC3\xBCller;J\xC3\xB6rg;;;",   "J=C3=B6rg M=C3=BCller" },
    { "Greek",           "\xCE\x95\xCE\xBB\xCE\xAD\xCE\xBD\xCE\xB7", ";\xCE\x95\xCE\xBB\xCE\xAD\xCE\xBD\xCE\xB7;;;", "=CE=95=CE=BB=CE=AD=CE=BD=CE=B7" },
    { "Chinese",         "\xE7\x8E\x8B\xE5\xB0\x8F\xE6\x98\x8E", "\xE7\x8E\x8B;\xE5\xB0\x8F\xE6\x98\x8E;;;", "=E7=8E=8B=E5=B0=8F=E6=98=8E" },
    { "beyond the BMP",  "Zoe \xF0\x9F\x8C\xBB",    ";Zoe \xF0\x9F\x8C\xBB;;;",         "Zoe =F0=9F=8C=BB" },
    { "markup",          "<b>A & B</b>",            "<b>A & B</b>;;;;",                 NULL },
    /* clang-format on */
};

/* clang-format off */

/* What is said of them, in each version. */
static const struct detail {
    const char *what;
    const char *lines[3];
} details[] = {
    { "nothing", { "", "", "" } },
    { "a job",
      { "ORG:Acme Inc.;Research\nTITLE:Boss\nROLE:Chemist\n"
        "NOTE;ENCODING=QUOTED-PRINTABLE:One=0D=0ATwo, three=\n four\n",
        "ORG:Acme\\, Inc.;Research;Second floor\nTITLE:Boss\nROLE:Chemist\n"
        "NOTE:One\\nTwo\\, three\\; four \\\\ five\n",
        "ORG:Acme\\, Inc.;Research\nTITLE:Boss\nROLE:Chemist\n"
        "NOTE:One\\nTwo\\, three\\; four \\\\ five\nLOGO:http://x.example/l.png\n" } },
    { "addresses",
      { "ADR;WORK:;;Ring 1;Wien;W;1010;Austria\n"
        "ADR;HOME:;;Weg 2;Graz;St;8010;Austria\n"
        "LABEL;WORK;ENCODING=QUOTED-PRINTABLE:Ring 1=0D=0A1010 Wien\n",
        "ADR;TYPE=WORK:;;Ring 1;Wien;W;1010;Austria\n"
        "ADR;TYPE=HOME:PO 7;Top 2;Weg 2;Graz;St;8010;Austria\n"
        "ADR;TYPE=HOME:;;Third 3;Linz;;4020;Austria\n"
        "LABEL;TYPE=WORK:Ring 1\\n1010 Wien\n",
        "ADR;TYPE=work;LABEL=\"Ring 1\":;;Ring 1;Wien;W;1010;Austria\n"
        "ADR;TYPE=home;PREF=1:;;Weg 2;Graz;St;8010;Austria\n"
        "ADR:;;Third 3;Linz;;4020;Austria\n" } },
    { "days",
      { "BDAY:19850412\nURL:http://b.example/?a,b\nREV:20240501T080000Z\n",
        "BDAY:1985-04-12\nCATEGORIES:Red\\, dark,Blue\nCLASS:PRIVATE\n"
        "NICKNAME:Annie\nURL:http://b.example/?a,b\nREV:20240501T080000Z\n",
        "BDAY:--0412\nANNIVERSARY:20010203\nGENDER:F\nCATEGORIES:Red\\, dark,Blue\n"
        "NICKNAME:Annie\nURL;TYPE=home:http://b.example/?a,b\n" } },
    { "much else",
      { "GEO:48.2,16.37\nTZ:+01:00\nMAILER:mutt\nX-SOMETHING;P=Q:its value\n",
        "GEO:48.2;16.37\nTZ:+01:00\nMAILER:mutt\nSORT-STRING:Ex\n"
        "KEY;ENCODING=b;TYPE=X509:MIIB\nSOURCE:ldap://x.example/\n"
        "X-SOMETHING;P=\"Q,R\":its value\nAGENT;VALUE=uri:http://x.example/a\n",
        "GEO:geo:48.2,16.37\nTZ:Europe/Vienna\nLANG;PREF=1:de\n"
        "KEY:data:application/pgp-keys;base64,MIIB\nRELATED;TYPE=friend:urn:uuid:1\n"
        "CALURI:http://x.example/c\nEXPERTISE;LEVEL=expert:C\nHOBBY:tea\n" } },
};

/* clang-format on */

enum age { OLD, THREE, FOUR };
static const char *const versions[] = { "2.1", "3.0", "4.0" };

/* clang-format off */

/* How a program writes: its own lines, and a photo. */
static const struct dialect {
    const char *name;
    enum age age;
    const char *lines;
    const char *photo;
} dialects[] = {
    { "Thunderbird", FOUR,
      "EMAIL;PREF=1:ann@x.example\nEMAIL:second@x.example\n"
      "TEL;TYPE=work;VALUE=TEXT:+43 1 1\nTEL;VALUE=TEXT;TYPE=cell:+43 1 2\n"
      "IMPP:xmpp:ann@x.example\nX-MOZILLA-HTML:FALSE\nX-CUSTOM1;VALUE=TEXT:mine\n",
      "PHOTO;VALUE=URI:data:image/png;base64," PNG "\n" },
    { "Evolution", THREE,
      "X-EVOLUTION-FILE-AS:Sorted\\, so\n"
      "EMAIL;X-EVOLUTION-UI-SLOT=1;TYPE=WORK:ann@x.example\n"
      "TEL;X-EVOLUTION-UI-SLOT=1;TYPE=WORK,VOICE:+43 1 1\n"
      "TEL;X-EVOLUTION-UI-SLOT=2;TYPE=HOME,FAX:+43 1 2\n"
      "X-EVOLUTION-SPOUSE:Bob\nX-EVOLUTION-MANAGER:Carol\n"
      "X-EVOLUTION-ASSISTANT:Dave\nX-MOZILLA-HTML:TRUE\n"
      "X-EVOLUTION-VIDEO-URL:http://v.example/\nX-AIM;TYPE=HOME:annie\n",
      "PHOTO;ENCODING=b;TYPE=\"X-EVOLUTION-UNKNOWN\":" PNG "\n" },
    { "Apple", THREE,
      "PRODID:-//Apple Inc.//macOS 14.4//EN\n"
      "EMAIL;type=INTERNET;type=WORK;type=pref:ann@x.example\n"
      "item1.EMAIL;type=INTERNET:other@x.example\nitem1.X-ABLabel:_$!<Other>!$_\n"
      "TEL;type=CELL;type=VOICE;type=pref:+43 1 2\n"
      "TEL;type=IPHONE;type=CELL;type=VOICE:+43 1 3\n"
      "item2.URL;type=pref:http://a.example/\nitem2.X-ABLabel:_$!<HomePage>!$_\n"
      "item3.X-ABRELATEDNAMES;type=pref:Bob\nitem3.X-ABLabel:_$!<Friend>!$_\n"
      "X-SOCIALPROFILE;type=twitter:http://twitter.example/ann\n"
      "X-PHONETIC-FIRST-NAME:Enn\n",
      "PHOTO;ENCODING=b;TYPE=JPEG;X-ABCROP-RECTANGLE=ABClipRect_1&0&0&9&9:" PNG "\n" },
    { "Google", THREE,
      "EMAIL;TYPE=INTERNET;TYPE=HOME:ann@x.example\n"
      "EMAIL;TYPE=INTERNET;TYPE=WORK:b@x.example\nEMAIL;TYPE=INTERNET:c@x.example\n"
      "EMAIL;TYPE=INTERNET:d@x.example\nTEL;TYPE=CELL:+43 1 2\n"
      "TEL;TYPE=WORK:1\nTEL;TYPE=WORK:2\nTEL;TYPE=WORK:3\nTEL:4\nTEL:5\n"
      "item1.ORG:Grouped\nitem1.X-ABLabel:\n",
      "PHOTO:https://lh3.example/photo.jpg\n" },
    { "DAVx5", FOUR,
      "PRODID:+//IDN bitfire.at//DAVx5/4.3.16-ose ez-vcard/0.12.1\n"
      "TEL;TYPE=cell:tel:+4312\nTEL;TYPE=work,fax:+43 1 3\n"
      "EMAIL;TYPE=home:ann@x.example\nX-DAVX5-STARRED:1\n"
      "davdroid1.RELATED;TYPE=child;VALUE=text:Eve\ndavdroid1.X-ABLABEL:daughter\n"
      "IMPP;PREF=1:sip:ann@x.example\n",
      "PHOTO:data:image/png;base64," PNG "\n" },
    { "KAddressBook", FOUR,
      "EMAIL;PREF=1:ann@x.example\nTEL;TYPE=\"cell,pref\":+43 1 2\n"
      "TEL;TYPE=pager:5\nX-KADDRESSBOOK-BlogFeed:http://blog.example/\n"
      "X-KADDRESSBOOK-X-Profession:Smith\nX-KADDRESSBOOK-X-AssistantsName:Dave\n"
      "IMPP;X-SERVICE-TYPE=matrix:matrix:u/ann:x.example\n",
      "PHOTO:data:image/png;base64," PNG "\n" },
    { "Outlook", OLD,
      "TEL;WORK;VOICE:+43 1 1\nTEL;HOME;VOICE:+43 1 2\nTEL;CELL;VOICE:+43 1 3\n"
      "TEL;WORK;FAX:+43 1 4\nEMAIL;PREF;INTERNET:ann@x.example\n"
      "X-MS-OL-DEFAULT-POSTAL-ADDRESS:2\nX-MS-IMADDRESS:ann@im.example\n"
      "X-MS-OL-DESIGN;CHARSET=utf-8:<card></card>\n",
      "PHOTO;TYPE=PNG;ENCODING=BASE64:\n " PNG "\n\n" },
    { "Nextcloud", THREE,
      "PRODID:-//Sabre//Sabre VObject 4.5.4//EN\nEMAIL;TYPE=HOME:ann@x.example\n"
      "TEL;TYPE=HOME,VOICE:1\nTEL;TYPE=\"HOME,VOICE\":2\n"
      "X-SOCIALPROFILE;TYPE=mastodon:@ann@m.example\nCLOUD:ann@cloud.example\n",
      "PHOTO;ENCODING=b;TYPE=image/png:" PNG "\n" },
    { "a group of Apple's", THREE,
      "X-ADDRESSBOOKSERVER-KIND:group\n"
      "X-ADDRESSBOOKSERVER-MEMBER:mailto:eve@x.example\n"
      "X-ADDRESSBOOKSERVER-MEMBER:mailto:dave@x.example\n"
      "X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:00000000-0000-0000-0000-000000000007\n",
      "" },
    { "a group", FOUR,
      "KIND:group\nMEMBER:mailto:eve@x.example\n"
      "MEMBER;X-WHO=her:urn:uuid:00000000-0000-0000-0000-000000000007\n", "" },
};
/* clang-format on */

#define COUNT(table) (sizeof(table) / sizeof *(table))
#define TURNS 5

size_t vcards_count(void)
{
    return COUNT(dialects) * COUNT(details) * TURNS;
}

static const char *with_crlf(struct arena *arena, const char *text)
{
    struct buf out;
    buf_init(&out, arena);
    for (; *text != '\0'; text++)
        buf_printf(&out, *text == '\n' ? "\r\n" : "%c", *text);
    return out.data;
}

static void put_name(struct buf *out, const struct person *person, enum age age)
{
    if (age == OLD && person->quoted != NULL)
        buf_printf(out,
                   "FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:%s\n"
                   "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:%s;;;;\n",
                   person->quoted, person->quoted);
    else
        buf_printf(out, "FN:%s\nN:%s\n", person->fn, person->n);
}

const char *vcards_text(struct arena *arena, size_t index,
                        const char **name_out)
{
    const struct dialect *dialect = &dialects[index % COUNT(dialects)];
    size_t rest = index / COUNT(dialects), turn = rest / COUNT(details);
    const struct detail *detail = &details[rest % COUNT(details)];
    const struct person *person =
        &people[(index % COUNT(dialects) + rest % COUNT(details) + turn * 2) %
                COUNT(people)];
    struct buf out;
    buf_init(&out, arena);
    buf_printf(&out, "BEGIN:VCARD\nVERSION:%s\nUID:card-%zu\n",
               versions[dialect->age], index);
    put_name(&out, person, dialect->age);
    buf_puts(&out, dialect->lines);
    buf_puts(&out, detail->lines[dialect->age]);
    if (turn % 2 == 1)
        buf_puts(&out, dialect->photo);
    buf_puts(&out, "END:VCARD\n");
    *name_out = arena_printf(arena, "%zu: %s, %s, %s%s", index, dialect->name,
                             person->who, detail->what,
                             turn % 2 == 1 ? ", a photo" : "");
    return with_crlf(arena, out.data);
}
