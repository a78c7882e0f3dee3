//! Types of resources that would call functions, or stand before them, and are not read here. All others are somewhere else
//! altogether, such as tables, or of no consequence, such as alarms.

/// A type, or how the names of several begin, and what is the case instead.
const UNSERVED: [(&str, &str); 28] = [
    ("AWS::ApiGateway::", "REST APIs are not served here: HTTP APIs are"),
    ("AWS::ApiGatewayV2::ApiGatewayManagedOverrides", "it overrides nothing here"),
    ("AWS::ApiGatewayV2::ApiMapping", "custom domains are not served here"),
    ("AWS::ApiGatewayV2::DomainName", "custom domains are not served here"),
    ("AWS::ApiGatewayV2::IntegrationResponse", "answers are passed on here as they are"),
    ("AWS::ApiGatewayV2::RoutingRule", "custom domains are not served here"),
    ("AWS::AppSync::", "GraphQL APIs are not served here"),
    ("AWS::CloudFormation::CustomResource", "nothing is deployed here: its function is not called"),
    ("AWS::CloudFormation::Macro", "macros are not run here"),
    ("AWS::CloudFormation::Stack", "nested stacks are not read here"),
    ("AWS::ElasticLoadBalancingV2::", "load balancers call nothing here"),
    ("AWS::Events::Rule", "rules call nothing here: Schedule events of functions do"),
    ("AWS::IoT::TopicRule", "topics call nothing here"),
    ("AWS::Lambda::EventInvokeConfig", "it is not read here: EventInvokeConfig of the function is"),
    ("AWS::Lambda::Url", "function URLs are not served here: HTTP APIs are"),
    ("AWS::Logs::SubscriptionFilter", "logs call nothing here"),
    ("AWS::Pipes::Pipe", "pipes call nothing here"),
    ("AWS::S3::BucketNotification", "it is not read here: NotificationConfiguration of the bucket is"),
    ("AWS::SNS::Subscription", "topics call nothing here"),
    ("AWS::Scheduler::Schedule", "it is not read here: ScheduleV2 events of functions are"),
    ("AWS::Serverless::Api", "REST APIs are not served here: AWS::Serverless::HttpApi is"),
    ("AWS::Serverless::Application", "nested applications are not read here"),
    ("AWS::Serverless::GraphQLApi", "GraphQL APIs are not served here"),
    ("AWS::Serverless::MicroVMImage", "it is not run here"),
    ("AWS::Serverless::StateMachine", "state machines are not run here"),
    ("AWS::Serverless::WebFunction", "it is not run here: AWS::Serverless::Function is"),
    ("AWS::StepFunctions::StateMachine", "state machines are not run here"),
    ("Custom::", "nothing is deployed here: its function is not called"),
];

/// What is the case instead of a type, if it is one of them.
pub(super) fn instead_of(kind: &str) -> Option<&'static str> {
    let is =
        |pattern: &str| if pattern.ends_with("::") { kind.starts_with(pattern) } else { kind == pattern };
    UNSERVED.iter().find(|(pattern, _)| is(pattern)).map(|(_, instead)| *instead)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_before_functions_is_told_from_what_does_not() {
        for kind in
            ["AWS::Serverless::Api", "AWS::ApiGateway::RestApi", "Custom::Anything", "AWS::Lambda::Url"]
        {
            assert!(instead_of(kind).is_some(), "{kind}");
        }
        for kind in [
            "AWS::Serverless::Function",
            "AWS::DynamoDB::Table",
            "AWS::ApiGatewayV2::Api",
            "AWS::Lambda::Alias",
        ] {
            assert!(instead_of(kind).is_none(), "{kind}");
        }
    }
}
