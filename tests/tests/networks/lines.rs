//! Troubles of the line, each with its diagnosis: shared addresses, a router behind a router, a sign-in page, no
//! internet, no DNS.

use dyntray_control::{AgentRequest, Response, SaveRequest, SecretChange};
use dyntray_core::observe::finding::HoldReason;
use dyntray_core::present::Status;
use dyntray_core::present::diagnose::Diagnosis;
use dyntray_core::settings::form::Form;
use dyntray_core::types::address::Family;
use dyntray_sandbox::Addresses;
use dyntray_stories::network::{SecurePort, addresses};
use dyntray_stories::{PATIENCE, Story};

use super::expect::{A_ROUND, asked_until, diagnosed, entry_that, home_of, outcome, saved};

#[tokio::test]
async fn shared_addresses_and_routers_behind_routers_are_named() -> Story {
    let Some(mut home) = home_of("shared-named").await? else { return Ok(()) };
    home.networks.router_upnp_of_a_fritzbox().await?;
    home.networks.carrier_nat().await?;
    let _app = saved(&home).await?;
    let stable = home.networks.stable_ipv6().await?;
    diagnosed(&home, &Diagnosis::SharedAddress { ipv6: true }).await?;
    home.wait_until_published(PATIENCE, |now| now == Addresses { ipv4: None, ipv6: Some(stable) }).await?;
    let entry = entry_that(&home, "a green tick", PATIENCE, |entry| entry.status == Status::Fine).await?;
    assert_eq!(outcome(&entry, Family::Ipv4).hold(), Some(HoldReason::Shared));

    home.networks.double_nat().await?;
    diagnosed(&home, &Diagnosis::DoubleNat).await?;
    home.wait_until_published(PATIENCE, |now| now.ipv4 == Some(addresses::HOME_IPV4)).await?;
    Ok(())
}

#[tokio::test]
async fn a_router_that_keeps_its_address_for_itself_is_not_taken_for_the_providers_doing() -> Story {
    // The home's router is miniupnpd, which names no address that isn't public.
    let Some(mut home) = home_of("address-kept").await? else { return Ok(()) };
    home.networks.double_nat().await?;
    let _app = saved(&home).await?;
    // Nothing here tells a second router from the provider, so both are named, and a person is asked.
    diagnosed(&home, &Diagnosis::AddressKept).await?;
    let found = home.status().await?.diagnoses;
    assert!(!found.iter().any(|one| matches!(one, Diagnosis::SharedAddress { .. })), "{found:?}");
    let Response::Form { form: base } = home.ask(AgentRequest::Form).await? else {
        return Err("there is no form".into());
    };
    let form = Form { publish_shared: true, ..base.clone() };
    let secrets = vec![SecretChange::Keep];
    let save = SaveRequest { base, form, secrets };
    home.ask(AgentRequest::Save(Box::new(save))).await?;
    home.wait_until_published(PATIENCE, |now| now.ipv4 == Some(addresses::HOME_IPV4)).await?;
    Ok(())
}

#[tokio::test]
async fn ds_lite_is_named_and_ipv6_goes_out() -> Story {
    let Some(mut home) = home_of("ds-lite-named").await? else { return Ok(()) };
    home.networks.router_upnp_of_a_fritzbox().await?;
    home.networks.ds_lite().await?;
    let _app = saved(&home).await?;
    let stable = home.networks.stable_ipv6().await?;
    diagnosed(&home, &Diagnosis::SharedAddress { ipv6: true }).await?;
    home.wait_until_published(PATIENCE, |now| now == Addresses { ipv4: None, ipv6: Some(stable) }).await?;
    Ok(())
}

#[tokio::test]
async fn a_sign_in_page_is_named_and_nothing_of_it_is_published() -> Story {
    let Some(mut home) = home_of("sign-in-named").await? else { return Ok(()) };
    home.networks.captive_portal_on(SecurePort::WrongCertificate).await?;
    let _app = saved(&home).await?;
    diagnosed(&home, &Diagnosis::SignInPage).await?;
    assert_eq!((home.updates().await?, home.published().await?), (0, Addresses::default()));
    home.networks.captive_portal_off().await?;
    home.command(&["update"]).await?;
    home.wait_until_published(A_ROUND, |now| now.ipv4 == Some(addresses::HOME_IPV4)).await?;
    Ok(())
}

#[tokio::test]
async fn no_internet_and_blocked_names_are_two_things() -> Story {
    let Some(mut home) = home_of("no-internet").await? else { return Ok(()) };
    let (_app, _portal, _token) = home.set_up().await?;
    home.networks.block_dns().await?;
    asked_until(&home, &Diagnosis::DnsBlocked).await?;
    home.networks.allow_dns().await?;
    entry_that(&home, "a green tick", A_ROUND, |entry| entry.status == Status::Fine).await?;
    home.networks.unplug().await?;
    asked_until(&home, &Diagnosis::NoInternet).await?;
    home.networks.plug().await?;
    entry_that(&home, "a green tick", A_ROUND, |entry| entry.status == Status::Fine).await?;
    Ok(())
}
