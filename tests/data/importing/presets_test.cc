// Each preset reads twenty made-up rows in the layout that its source describes.

#include "data/importing/presets.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/files.h"
#include "data/dataset.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr int kRows = 20;

class PresetsTest : public ::testing::Test {
 protected:
  // A file of `header` and, for each row, what `row` makes of its number.
  template <typename Row>
  void Write(const std::string& name, const std::string& header, const Row& row) {
    std::string content = header;
    for (int i = 0; i < kRows; ++i) content += row(i) + "\n";
    folder_.Write("in/" + name, content);
  }
  // Imports the folder and reads the set, as whose rows `interactions` come out.
  void Import(const std::string& name, uint64_t interactions = kRows) {
    const auto preset = FindPreset(name);
    ASSERT_TRUE(preset.ok()) << preset.status();
    const auto options = FilesOfPreset(**preset, folder_ / "in");
    ASSERT_TRUE(options.ok()) << options.status();
    const auto import = ImportTables(*options, folder_ / "set");
    ASSERT_TRUE(import.ok()) << import.status();
    EXPECT_EQ(import->interactions, interactions);
    EXPECT_EQ(import->bad_rows, 0u);
    spec_ = import->plan.spec;
    const auto dataset = LoadDataset(folder_ / "set", {});
    EXPECT_TRUE(dataset.ok()) << dataset.status();
  }
  std::string Written(const std::string& ending) {
    return ReadFile(folder_ / "set" / ("set." + ending)).value_or("");
  }

  TemporaryFolder folder_;
  DatasetSpec spec_;
};

TEST_F(PresetsTest, Amazon2018Reviews) {
  Write("All_Beauty_5.json", "", [](int i) {
    return absl::StrCat("{\"overall\": ", i % 5 + 1, ".0, \"verified\": true, \"reviewTime\": ",
                        "\"09 13, 2009\", \"reviewerID\": \"A", i / 3, "\", \"asin\": \"B00", i % 4,
                        "\", \"style\": {\"Size:\": \" 1.0\"}, ",
                        "\"reviewerName\": \"x\", \"reviewText\": \"fine, \\\"very\\\"\", ",
                        "\"summary\": \"ok\", \"unixReviewTime\": ", 1252800000 + i, "}");
  });
  Write("meta_All_Beauty.json", "", [](int i) {
    return absl::StrCat("{\"category\": [\"Beauty\", \"Hair & Skin\"], \"tech1\": \"\", ",
                        "\"description\": [\"long\"], \"title\": \"Soap ", i,
                        "\", \"also_buy\": [], \"brand\": \"Brand ", i % 2,
                        "\", \"main_cat\": \"All Beauty\", \"price\": \"$12.99\", \"asin\": \"B00",
                        i, "\"}");
  });
  Import("amazon-2018");
  EXPECT_THAT(Written("inter"),
              StartsWith("user_id:token\titem_id:token\trating:float\ttimestamp:float\n"
                         "A0\tB000\t1.0\t1252800000\nA0\tB001\t2.0\t1252800001\n"));
  EXPECT_THAT(Written("item"),
              HasSubstr("\nB001\tBeauty|Hair & Skin\tSoap 1\tBrand 1\tAll Beauty\n"));
}

TEST_F(PresetsTest, Amazon2018RatingsOnly) {
  Write("All_Beauty.csv", "", [](int i) {
    return absl::StrCat("B00", i % 4, ",A", i / 3, ",", i % 5 + 1, ".0,", 1252800000 + i);
  });
  Import("amazon-2018");
  EXPECT_THAT(Written("inter"), HasSubstr("\nA0\tB001\t2.0\t1252800001\n"));
}

TEST_F(PresetsTest, Amazon2023) {
  Write("All_Beauty.jsonl", "", [](int i) {
    return absl::StrCat("{\"rating\": ", i % 5 + 1, ".0, \"title\": \"ok\", \"text\": \"fine\", ",
                        "\"images\": [], \"asin\": \"B1\", \"parent_asin\": \"B00", i % 4,
                        "\", \"user_id\": \"A", i / 3, "\", \"timestamp\": ", 1588687728923 + i,
                        ", \"helpful_vote\": 0, \"verified_purchase\": true}");
  });
  Write("meta_All_Beauty.jsonl", "", [](int i) {
    return absl::StrCat("{\"main_category\": \"All Beauty\", \"title\": \"Soap ", i,
                        "\", \"average_rating\": 4.8, \"rating_number\": 10, \"features\": [], ",
                        "\"description\": [], \"price\": ", i % 2 == 0 ? "null" : "9.5",
                        ", \"images\": [{\"thumb\": \"x\"}], \"videos\": [], \"store\": \"S\", ",
                        "\"categories\": [\"Hair\", \"Skin\"], \"details\": {\"Brand\": \"x\"}, ",
                        "\"parent_asin\": \"B00", i, "\", \"bought_together\": null}");
  });
  Import("amazon-2023");
  EXPECT_THAT(Written("inter"), HasSubstr("\nA0\tB001\t2.0\t1588687728924\n"));
  EXPECT_THAT(Written("item"), HasSubstr("\nB001\tAll Beauty\tSoap 1\t9.5\tS\tHair|Skin\n"));
  EXPECT_EQ(spec_.time_unit, TimeUnit::kMilliseconds);
}

TEST_F(PresetsTest, Amazon2023RatingsOnly) {
  Write("All_Beauty.csv", "user_id,parent_asin,rating,timestamp\n", [](int i) {
    return absl::StrCat("A", i / 3, ",B00", i % 4, ",", i % 5 + 1, ".0,", 1588687728923 + i);
  });
  Import("amazon-2023");
  EXPECT_THAT(Written("inter"), HasSubstr("\nA0\tB001\t2.0\t1588687728924\n"));
}

TEST_F(PresetsTest, Anime) {
  Write("rating.csv", "user_id,anime_id,rating\n",
        [](int i) { return absl::StrCat(i / 3, ",", i % 4, ",", i % 2 == 0 ? -1 : i % 10 + 1); });
  Write("anime.csv", "anime_id,name,genre,type,episodes,rating,members\n", [](int i) {
    return absl::StrCat(i, ",\"Film \"\"", i, "\"\"\",\"Action, Martial Arts\",TV,",
                        i % 2 == 0 ? "Unknown" : "12", ",7.5,1000");
  });
  Import("anime");
  EXPECT_THAT(Written("inter"), StartsWith("user_id:token\titem_id:token\trating:float\n"
                                           "0\t0\t-1\n0\t1\t2\n"));
  EXPECT_THAT(Written("item"),
              HasSubstr("\n1\t\"Film \"\"1\"\"\"\tAction, Martial Arts\tTV\t12\n"));
  EXPECT_EQ(spec_.FindColumn("rating")->missing, std::vector<std::string>{"-1"});
  EXPECT_EQ(spec_.FindColumn("genre")->separator, ", ");
}

TEST_F(PresetsTest, BookCrossing) {
  Write("BX-Book-Ratings.csv", "\"User-ID\";\"ISBN\";\"Book-Rating\"\r\n", [](int i) {
    return absl::StrCat("\"", 276725 + i / 3, "\";\"03454", i % 4, "X\";\"", i % 3 * 5, "\"\r");
  });
  Write("BX-Books.csv",
        "\"ISBN\";\"Book-Title\";\"Book-Author\";\"Year-Of-Publication\";\"Publisher\";"
        "\"Image-URL-S\";\"Image-URL-M\";\"Image-URL-L\"\r\n",
        [](int i) {
          return absl::StrCat("\"03454", i, "X\";\"The \\\"Best\\\"; L\xE9on ", i,
                              "\";\"A. Writer\";\"200", i % 3,
                              "\";\"House\";\"http://x/s\";\"http://x/m\";\"http://x/l\"\r");
        });
  Write("BX-Users.csv", "\"User-ID\";\"Location\";\"Age\"\r\n", [](int i) {
    return absl::StrCat("\"", 276725 + i, "\";\"nyc, new york, usa\";",
                        i % 2 == 0 ? "NULL" : "\"18\"", "\r");
  });
  Import("book-crossing");
  EXPECT_THAT(Written("inter"), HasSubstr("\n276725\t034541X\t5\n"));
  EXPECT_THAT(Written("item"),
              HasSubstr("\n034541X\t\"The \"\"Best\"\"; L\u00e9on 1\"\tA. Writer\t2001\tHouse\n"));
  EXPECT_THAT(Written("user"), HasSubstr("user_id:token\tAge:float\n276725\t\n276726\t18\n"));
  EXPECT_EQ(spec_.FindColumn("rating")->missing, std::vector<std::string>{"0"});
}

TEST_F(PresetsTest, Gowalla) {
  Write("loc-gowalla_totalCheckins.txt", "", [](int i) {
    return absl::StrCat(i / 3, "\t2010-10-19T23:55:", 10 + i, "Z\t30.2359091167\t-97.7951395833\t",
                        22847 + i % 4);
  });
  Import("gowalla");
  EXPECT_THAT(Written("inter"), StartsWith("user_id:token\titem_id:token\ttimestamp:float\n"
                                           "0\t22847\t2010-10-19T23:55:10Z\n"));
}

TEST_F(PresetsTest, Hm) {
  Write("transactions_train.csv", "t_dat,customer_id,article_id,price,sales_channel_id\n",
        [](int i) {
          return absl::StrCat("2018-09-", 10 + i, ",00f", i / 3, ",066371300", i % 4,
                              ",0.0508305084745762,", i % 2 + 1);
        });
  Write("articles.csv",
        "article_id,product_code,prod_name,product_type_no,product_type_name,product_group_name,"
        "graphical_appearance_no,graphical_appearance_name,colour_group_code,colour_group_name,"
        "department_no,department_name,index_code,index_name,section_no,section_name,"
        "garment_group_no,garment_group_name,detail_desc\n",
        [](int i) {
          return absl::StrCat("066371300", i, ",0663713,Strap top,253,Vest top,Garment Upper body,",
                              "1010016,Solid,09,Black,1676,Jersey Basic,A,Ladieswear,16,",
                              "Womens Everyday Basics,1002,Jersey Basic,\"A top, with straps\"");
        });
  Write("customers.csv",
        "customer_id,FN,Active,club_member_status,fashion_news_frequency,age,postal_code\n",
        [](int i) { return absl::StrCat("00f", i, ",,,ACTIVE,NONE,", 20 + i, ",52043ee2162c"); });
  Import("hm");
  EXPECT_THAT(Written("inter"),
              StartsWith("user_id:token\titem_id:token\ttimestamp:float\tsales_channel_id:token\n"
                         "00f0\t0663713000\t2018-09-10\t1\n"));
  EXPECT_THAT(Written("item"), HasSubstr("\n0663713001\tStrap top\tVest top\tGarment Upper body\t"
                                         "Black\tJersey Basic\tLadieswear\t"));
  EXPECT_EQ(spec_.FindColumn("prod_name")->type, ColumnType::kTitle);
}

TEST_F(PresetsTest, KuaiRec) {
  Write("big_matrix.csv",
        "user_id,video_id,play_duration,video_duration,time,date,timestamp,watch_ratio\n",
        [](int i) {
          return absl::StrCat(i / 3, ",", i % 4, ",13838,10867,2020-07-05 00:08:23.438,20200705,",
                              "1593878903.438,", 0.5 + i % 3 * 0.5);
        });
  Import("kuairec");
  EXPECT_THAT(Written("inter"),
              StartsWith("user_id:token\titem_id:token\ttimestamp:float\twatch_ratio:float\n"
                         "0\t0\t1593878903.438\t0.5\n"));
  ASSERT_EQ(spec_.worth.size(), 1u);
  EXPECT_EQ(spec_.worth[0].column, "watch_ratio");
}

TEST_F(PresetsTest, LastFm360K) {
  Write("usersha1-artmbid-artname-plays.tsv", "", [](int i) {
    return absl::StrCat("00000c289a1829a808ac09c00daf10bc3c4e223b", i / 3, "\t",
                        i % 2 == 0 ? "" : "3bd73256-3905-4f3a-97e2-8b341527f805", "\t\"weird\" al ",
                        i % 4, "\t", 2137 - i);
  });
  Write("usersha1-profile.tsv", "", [](int i) {
    return absl::StrCat("00000c289a1829a808ac09c00daf10bc3c4e223b", i, "\tf\t", 20 + i,
                        "\tGermany\tFeb 1, 2007");
  });
  Import("lastfm-360k");
  EXPECT_THAT(Written("inter"),
              HasSubstr("\n00000c289a1829a808ac09c00daf10bc3c4e223b0\t\"\"\"weird\"\" al 1\"\n"));
  EXPECT_THAT(Written("user"),
              StartsWith("user_id:token\tgender:token\tage:float\tcountry:token\n"));
}

TEST_F(PresetsTest, Mind) {
  Write("behaviors.tsv", "", [](int i) {
    return absl::StrCat(i + 1, "\tU", i / 3, "\t11/15/2019 8:55:", 10 + i, " AM\tN1 N2\tN", i % 4,
                        "-1 N", 4 + i % 3, "-0");
  });
  Write("news.tsv", "", [](int i) {
    return absl::StrCat("N", i, "\tsports\tsoccer\t\"Best\" of ", i,
                        "\tAn abstract.\thttps://x/y.html\t[{\"Label\": \"x\"}]\t[]");
  });
  Import("mind", 2 * kRows);
  EXPECT_THAT(Written("inter"),
              StartsWith("user_id:token\titem_id:token\ttimestamp:float\tlabel:float\n"
                         "U0\tN0\t2019-11-15 08:55:10\t1\nU0\tN4\t2019-11-15 08:55:10\t0\n"));
  EXPECT_THAT(Written("item"), HasSubstr("\nN1\tsports\tsoccer\t\"\"\"Best\"\" of 1\"\n"));
  EXPECT_EQ(spec_.label_column, "label");
}

TEST_F(PresetsTest, RetailRocket) {
  Write("events.csv", "timestamp,visitorid,event,itemid,transactionid\n", [](int i) {
    return absl::StrCat(1433221332117 + i, ",", i / 3, ",", i % 5 == 4 ? "transaction" : "view",
                        ",", 355908 + i % 4, ",", i % 5 == 4 ? "400" : "");
  });
  Import("retailrocket");
  EXPECT_THAT(Written("inter"),
              StartsWith("user_id:token\titem_id:token\ttimestamp:float\tevent:token\n"
                         "0\t355908\t1433221332117\tview\n"));
  EXPECT_EQ(spec_.type_column, "event");
}

TEST_F(PresetsTest, Steam) {
  Write("steam_reviews.json", "", [](int i) {
    return absl::StrCat(
        "{u'username': u\"Chaos's ", i / 3, "\", u'hours': 0.1, u'products': 41, ",
        "u'product_id': u'72528", i % 4, "', u'page_order': 0, u'date': ", "u'2017-12-", 10 + i,
        "', u'text': u'It \\'is\\' \\xe9', ", "u'early_access': False, u'page': 1}");
  });
  Write("steam_games.json", "", [](int i) {
    return absl::StrCat("{u'publisher': u'Kotoshiro', u'genres': [u'Action', u'Free to Play'], ",
                        "u'app_name': u'Game ", i, "', u'url': u'http://x', u'price': 4.99, ",
                        "u'early_access': False, u'id': u'72528", i, "', u'developer': u'K'}");
  });
  Import("steam");
  EXPECT_THAT(Written("inter"), StartsWith("user_id:token\titem_id:token\ttimestamp:float\n"
                                           "Chaos's 0\t725280\t2017-12-10\n"));
  EXPECT_THAT(Written("item"), HasSubstr("\n725281\tKotoshiro\tAction|Free to Play\tGame 1\tK\n"));
}

TEST_F(PresetsTest, Yelp) {
  Write("yelp_academic_dataset_review.json", "", [](int i) {
    return absl::StrCat("{\"review_id\":\"r", i, "\",\"user_id\":\"u", i / 3,
                        "\",\"business_id\":\"b", i % 4, "\",\"stars\":", i % 5 + 1,
                        ".0,\"useful\":0,\"funny\":0,\"cool\":0,\"text\":\"ok\",\"date\":",
                        "\"2018-07-07 22:09:", 10 + i, "\"}");
  });
  Write("yelp_academic_dataset_business.json", "", [](int i) {
    return absl::StrCat("{\"business_id\":\"b", i, "\",\"name\":\"Cafe ", i,
                        "\",\"address\":\"1 Main St\",\"city\":\"Reno\",\"state\":\"NV\",",
                        "\"stars\":4.0,\"review_count\":80,\"is_open\":1,\"attributes\":",
                        "{\"X\":\"True\"},\"categories\":\"Gastropubs, Food\",\"hours\":null}");
  });
  Import("yelp");
  EXPECT_THAT(Written("inter"), HasSubstr("\nu0\tb0\t1.0\t2018-07-07 22:09:10\n"));
  EXPECT_THAT(Written("item"), HasSubstr("\nb1\tCafe 1\tReno\tNV\tGastropubs, Food\n"));
  EXPECT_EQ(spec_.FindColumn("categories")->separator, ", ");
}

TEST_F(PresetsTest, YooChoose) {
  Write("yoochoose-clicks.dat", "", [](int i) {
    return absl::StrCat(i / 3, ",2014-04-07T10:51:", 10 + i, ".277Z,21453690", i % 4, ",0");
  });
  Import("yoochoose");
  EXPECT_THAT(Written("inter"), StartsWith("user_id:token\titem_id:token\ttimestamp:float\n"
                                           "0\t214536900\t2014-04-07T10:51:10.277Z\n"));
}

TEST_F(PresetsTest, ReadsAFileThatIsPlainAndPackedOnce) {
  for (const char* name : {"in/events.csv", "in/events.csv.gz", "in/events.csv.zst"})
    folder_.Write(name, "");
  EXPECT_THAT(FilesOfPreset(**FindPreset("retailrocket"), folder_ / "in")->interactions.files,
              ElementsAre(folder_ / "in/events.csv"));
}

TEST_F(PresetsTest, FindsPackedFilesAndSaysWhatItLookedFor) {
  folder_.Write("in/events.csv.gz", "");
  const ImportPreset* preset = *FindPreset("retailrocket");
  EXPECT_EQ(FilesOfPreset(*preset, folder_ / "in")->interactions.files[0],
            folder_ / "in/events.csv.gz");
  EXPECT_THAT(std::string(FilesOfPreset(**FindPreset("mind"), folder_ / "in").status().message()),
              HasSubstr("looked for behaviors.tsv"));
  EXPECT_THAT(std::string(FindPreset("netflix").status().message()),
              HasSubstr("there is no preset netflix; there are: amazon-2018"));
}

}  // namespace
}  // namespace shortlist
