//! The contract with readers: the files have the schema, and the documentation lists it.

use std::fs::{self, File};
use std::path::Path;

use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::reader::{FileReader, SerializedFileReader};
use zhibiao::normalize::schema::TABLES;
use zhibiao::store::arrow_schema;

use crate::fixture::{Fixture, REPORTS};
use crate::review;

#[test]
fn every_file_has_the_schema_of_its_table() {
    let fixture = Fixture::new(&REPORTS);
    fixture.write("reports/broken.txt", b"\0");
    fixture.write("reports/sign.txt", "2022年全市固定资产投资增长-8.7%。");
    fixture.run(&[], 3);
    review::apply(&fixture, &[review::line(&fixture, "6.6%", serde_json::json!({"decision": "accept"}))], 0);
    for table in TABLES {
        let mut files = 0;
        for path in fixture.published().keys().filter(|path| path.starts_with(table.name)) {
            let file = fixture.path("store/v1").join(path);
            let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(&file).unwrap()).unwrap();
            assert_eq!(reader.schema().fields(), arrow_schema(table).fields(), "{}", path.display());
            let metadata = SerializedFileReader::new(File::open(&file).unwrap()).unwrap().metadata().clone();
            assert!(metadata.file_metadata().key_value_metadata().is_none(), "no arrow schema in the file");
            files += 1;
        }
        assert!(files > 0, "no file of {}", table.name);
    }
}

#[test]
fn the_documentation_lists_exactly_the_columns() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/STORE.md");
    let text = fs::read_to_string(path).unwrap();
    for table in TABLES {
        let mut expected = format!("### `{}`\n\n{}.\n", table.name, sentence(table.about));
        expected += &format!("Key: `{}`. Sorted by `{}`.\n\n", table.key.join("`, `"), table.order.join("`, `"));
        expected += "| column | type | meaning |\n|---|---|---|\n";
        for column in table.columns() {
            let null = if column.nullable { "?" } else { "" };
            expected += &format!("| `{}` | {}{null} | {} |\n", column.name, column.kind.as_str(), column.about);
        }
        assert!(text.contains(&expected), "docs/STORE.md should have:\n\n{expected}");
    }
}

fn sentence(text: &str) -> String {
    let (first, rest) = text.split_at(1);
    first.to_uppercase() + rest
}
