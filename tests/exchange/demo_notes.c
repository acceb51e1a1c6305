/*
 * demo_notes.c - single messages of the demo: one of every kind that mail has
 */
#include "tests/exchange/demo_text.h"

/* clang-format off */
const struct demo_note demo_notes[] = {
    /* --- What lies on top ------------------------------------------------------------- */
    { "inbox", 0, ANNA, NULL, SHAPE_BOTH, MARK_UNREAD, NULL,
      "Welcome to the demo 🥖",
      "Hello Dora,\n\nthis mailbox lives in the memory of the gateway and nowhere else.  Read, "
      "flag, move, delete and answer whatever you like; Bert and I are real enough to write to, "
      "and your mail reaches us at once.\n\nHave fun\nAnna", NULL, NULL },
    { "inbox", 1, BERT, NULL, SHAPE_INLINE_IMAGE, MARK_UNREAD, "Bread",
      "The new logo, in the text",
      "Look what I drew.  It belongs between these two lines.", "logo.png", NULL },
    { "inbox", 3, CLARA, NULL, SHAPE_INVITATION, MARK_UNREAD, NULL,
      "Tasting of the spring loaves",
      "We taste, you judge.  Bring a knife.", "The old mill, upper floor", NULL },
    { "inbox", 5, FATIMA, NULL, SHAPE_PDF, MARK_UNREAD | MARK_FLAGGED, "Market",
      "Contract for the stall, please sign",
      "Dora,\n\nfour pages, and only the last one matters.\n\nFatima", "Contract.pdf",
      "Disposition-Notification-To: \"Haddad, Fatima\" <f.haddad@harbour.example>\n"
      "Importance: high\n" },
    { "inbox", 7, ANNA, NULL, SHAPE_FILES, 0, NULL,
      "Three files: plan, costs, picture",
      "As promised, all in one mail.\n\nAnna", NULL, NULL },
    { "inbox", 11, EMIL, NULL, SHAPE_LATIN1, MARK_ANSWERED, "Oven",
      "=?iso-8859-1?Q?Gr=FC=DFe_vom_Ger=FCst?=",
      "Liebe Dora,\n\nvon hier oben sieht man bis zum Fluss.  Der Schornstein ist fertig, die "
      "Schwalben schauen zu, und größer als geplant ist er auch nicht geworden.\n\nHerzliche "
      "Grüße\nEmil", NULL, NULL },

    /* --- Charsets ---------------------------------------------------------------------- */
    { "inbox", 26, IRINA, NULL, SHAPE_ENCODED, 0, NULL,
      "=?koi8-r?B?8NLJ18XUIMnaIOvB2sHOyQ==?=",
      "+sTSwdfT1NfVytTFIQ0KDQrt2SDQz8zV3snMySDXwdvJIMbP1M/H0sHGyckuIOjMxcIg2sHNxd7B1MXM2M7Z\r\n"
      "yiwgz9PPwsXOzs8g0tbBzs/KLg0K8NLJ28zJ1MUsINDP1sHM1crT1MEsINLFw8XQ1C4NCg0K6dLJzsENCg==\r\n",
      "koi8-r", NULL },
    { "日本語", 50, KENJI, NULL, SHAPE_ENCODED, 0, NULL,
      "=?iso-2022-jp?B?GyRCJVElcyROPEw/PyQiJGokLCRIJCYbKEI=?=",
      "GyRCJDMkcyRLJEEkTyEjGyhCDQoNChskQjxMPz8kciQiJGokLCRIJCYkNCQ2JCQkXiQ5ISNNaDduISJFbDV+\r\n"
      "JEcycSQkJF4kNyRnJCYhIxsoQg0KDQobJEI6NEYjGyhCDQo=\r\n",
      "iso-2022-jp", NULL },
    { "inbox", 74, WANG, NULL, SHAPE_ENCODED, 0, NULL,
      "=?gb2312?B?w+aw/NW5wMC74dH7x+s=?=",
      "xPq6wzoNCg0Ks8/R+8T6ss68073xxOrH78zstcTD5rD81bnAwLvhoaMNCg0KzfW3vA0K\r\n",
      "gb2312", NULL },
    { "inbox", 90, NOA, NULL, SHAPE_ENCODED, 0, NULL,
      "=?windows-1255?B?+ezl7SDu5+n05A==?=",
      "+ezl7SDj5fjkLA0KDQr65ePkIPLsIOTu+uvl7y4g6fbgIOzn7SDw5OP4IQ0KDQrw5fLkDQo=\r\n",
      "windows-1255", NULL },
    { "inbox", 130, ELENI, NULL, SHAPE_ENCODED, 0, NULL,
      "=?iso-8859-7?B?xfX34fHp8/T+IOPp4SD07yDw8e/m/ezp?=",
      "w+Xp4SDz7/UgzfT88eEsDQoNCvTvIPDx7+b97Okg3fb04fPlIOrh69wuIMH98envIPje7e/17OUuDQoNCsXr\r\n"
      "3e3nDQo=\r\n", "iso-8859-7", NULL },
    { "inbox", 150, KENJI, NULL, SHAPE_PLAIN, 0, NULL,
      "東京のパン屋 – a shop you should see",
      "Dora さん,\n\nthe address is 〒150-0001, second street behind the station.  They bake with "
      "steam and with songs. 🎶\n\n健二", NULL, NULL },
    { "Jürgen & Søren", 500, EMIL, NULL, SHAPE_PLAIN, 0, NULL,
      "Jürgen und Søren kommen im März",
      "Zwei Gäste, ein Zimmer, kein Käse für Jürgen.\n\nEmil", NULL, NULL },

    /* --- Headers ------------------------------------------------------------------------ */
    { "inbox", 160, HUGO, NULL, SHAPE_PLAIN, MARK_UNREAD, NULL, NULL,
      "I never know what to write into the subject.\n\nHugo", NULL, NULL },
    { "inbox", 170, CLARA, "undisclosed-recipients:;", SHAPE_PLAIN, 0, NULL,
      "To whom it may concern",
      "Nobody is named in the header of this one, and yet it found you.\n\nClara", NULL, NULL },
    { "inbox", 180, FATIMA, "Bakers: Dora Keller <demo@postern.example>,\n"
      " \"Anna Lindqvist\" <anna@postern.example>; Guests:;",
      SHAPE_PLAIN, 0, NULL, "Addressed to two groups",
      "One group has members, the other is empty.  Both are legal.\n\nFatima", NULL, NULL },
    { "inbox", 190, GRETE, NULL, SHAPE_PLAIN, 0, NULL,
      "A subject that goes on and on because its author believes that everything of importance "
      "has to be said before the mail is opened, and who could blame her for that, at her age",
      "Sonst nichts.\n\nGrete", NULL, NULL },
    { "inbox", 200, ANNA, "\"Keller, Dora\" <demo@postern.example>,\n"
      " bert@postern.example (Bert with a comment)", SHAPE_FLOWED, MARK_FORWARDED, NULL,
      "Minutes of the meeting",
      "Present: Anna, Bert, Clara, Dora, Emil.\n\nThe meeting agreed that the price of a loaf "
      "stays as it is until the new harvest, that the stall gets a second table, and that "
      "whoever leaves last closes the door of the oven, whatever the hour.\n\n> who wrote this "
      "rule?\n\nEverybody looked at Bert.\n\nAnna", NULL,
      "Reply-To: minutes@postern.example\nComments: sent by hand\nKeywords: meeting, bread\n" },
    { "inbox", 210, HUGO, NULL, SHAPE_SIGNED, 0, NULL,
      "Signed, so that you believe it",
      "The barley was good this year.\n\nHugo", NULL, NULL },

    /* --- Reports ------------------------------------------------------------------------- */
    { "inbox", 230, POST, NULL, SHAPE_UNDELIVERABLE, 0, NULL,
      "Undeliverable: Invitation to the oven feast",
      "Your message did not reach some or all of its recipients.\n\nnobody@harbour.example: no "
      "such mailbox", "nobody@harbour.example", "Auto-Submitted: auto-replied\n" },
    { "inbox", 240, BERT, NULL, SHAPE_READ_RECEIPT, 0, NULL,
      "Read: Loaf diary",
      "Your message was read.", "bert@postern.example", "Auto-Submitted: auto-replied\n" },

    /* --- Structures ----------------------------------------------------------------------- */
    { "inbox", 260, CLARA, NULL, SHAPE_FORWARD, 0, "Market",
      "Fwd: Rules of the market",
      "See below; number three concerns you.\n\nClara", "Rules of the market", NULL },
    { "inbox", 280, ANNA, NULL, SHAPE_PICTURE, MARK_FLAGGED, "Bread;Blue category",
      "Ein Bild mit Umlauten im Namen",
      "Der Dateiname ist das Schönste daran.\n\nAnna", "Brötchen & Größe.png", NULL },
    { "inbox", 300, NEWS, NULL, SHAPE_HTML, 0, NULL,
      "A page without a plain part",
      "Only HTML travels here.\n\nMost programs make something of it.", NULL, NULL },
    { "inbox", 320, BERT, NULL, SHAPE_PLAIN, 0, NULL,
      "Dots and From",
      ".\n..\nFrom here on every line is a trap.\n.hidden\n\nFrom: nobody\n\n--\nno signature\n"
      "=3D is not an equals sign here, =\nis it?\n\nBert", NULL, NULL },
    { "inbox", 340, IRINA, NULL, SHAPE_INVITATION, 0, NULL,
      "Video call about the exhibition",
      "Half an hour, with coffee.", "online", NULL },
    { "inbox", 400, FATIMA, NULL, SHAPE_PLAIN, MARK_FLAGGED | MARK_ANSWERED | MARK_FORWARDED, NULL,
      "Flagged, answered and forwarded",
      "Poor mail, everyone wants something of it.\n\nFatima", NULL, NULL },

    /* --- Other folders ---------------------------------------------------------------------- */
    { "drafts", 4, DORA, "anna@postern.example", SHAPE_PLAIN, MARK_DRAFT, NULL,
      "Unfinished thoughts", "Dear Anna,\n\nwhat if we", NULL, NULL },
    { "drafts", 60, DORA, "bert@postern.example, clara@harbour.example", SHAPE_BOTH, MARK_DRAFT,
      NULL, "Plan for the summer", "June: oven.\nJuly: stall.\nAugust: sleep.", NULL, NULL },
    { "deleteditems", 48, SHOP, NULL, SHAPE_HTML, 0, NULL,
      "Only today: everything half price", "Nothing you need.\n\nNow cheaper.", NULL, NULL },
    { "deleteditems", 100, BUILD, NULL, SHAPE_PLAIN, 0, NULL,
      "Oven report: test", "This is a test.", NULL, NULL },
    { "deleteditems", 300, HUGO, NULL, SHAPE_PLAIN, 0, NULL,
      "Wrong Dora, sorry", "Forget it.", NULL, NULL },
    { "sentitems", 6, DORA, "Fatima Haddad <f.haddad@harbour.example>", SHAPE_PDF, 0, NULL,
      "Contract, signed", "There you are.\n\nDora", "Contract-signed.pdf", NULL },
    { "sentitems", 29, DORA, "anna@postern.example", SHAPE_PICTURE, 0, NULL,
      "Sunrise behind the mill", "Worth getting up for.\n\nDora", "sunrise.png", NULL },
    { "🍞 Recipes", 800, GRETE, NULL, SHAPE_PLAIN, MARK_FLAGGED, "Bread",
      "Pflaumenkuchen, wie er sein muss",
      "Für ein Blech:\n\n  500 g Mehl\n  250 ml Milch, lauwarm\n   80 g Zucker\n   80 g Butter\n"
      "    1 Würfel Hefe\n    2 kg Pflaumen\n\nTeig gehen lassen, belegen, nochmals gehen lassen, "
      "bei 190 °C 35 Minuten backen.\n\nGrete", NULL, NULL },
    { "🍞 Recipes", 1500, KENJI, NULL, SHAPE_BOTH, 0, "Bread",
      "Milk bread 食パン", "Cook a fifth of the flour with milk first.  The rest is "
      "patience.\n\n健二", NULL, NULL },
    { "🍞 Recipes", 4000, DORA, NULL, SHAPE_PLAIN, 0, "Bread",
      "Note to myself: 100% rye", "54 flour, 45 water, 1 salt.  Caraway.  Wait a day before "
      "cutting.", NULL, NULL },
    { "Projects/Bread", 60, WANG, NULL, SHAPE_FILES, 0, NULL,
      "Exhibition: hall plan and costs", "Dear Dora,\n\nthe stand is number 88.\n\n王芳", NULL, NULL },
    { "A name with \"quotes\" and [brackets]", 700, BERT, NULL, SHAPE_PLAIN, 0, NULL,
      "Who names folders like this?", "Test pilots do.\n\nBert", NULL, NULL },
};
const size_t demo_note_count = sizeof demo_notes / sizeof *demo_notes;
/* clang-format on */
